namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>Load balancers, declared in AWS or asked for by Kubernetes objects.</summary>
/// <param name="MostListeners">Of one network load balancer.</param>
/// <param name="Interfaces">One in each zone of each.</param>
/// <param name="FromKubernetes">Those that a controller in the cluster makes.</param>
internal sealed record LoadBalancerCount(int Network, int Application, int TargetGroups, int MostListeners, int Interfaces, int FromKubernetes);
