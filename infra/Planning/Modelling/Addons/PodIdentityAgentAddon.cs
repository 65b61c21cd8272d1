using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>Credentials for pods: https://github.com/aws/eks-pod-identity-agent/tree/main/charts/eks-pod-identity-agent.</summary>
internal sealed class PodIdentityAgentAddon : IAddonModel
{
    public string Addon => "eks-pod-identity-agent";

    public string Defaults => """
        resources: {}
        agent: {probePort: 2703}
        metrics: {enabled: false, port: 2705}
        """;

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        const int Proxy = 80;
        var ports = ObjectParts.Ports(
            Proxy,
            configuration.At("agent", "probePort").Integer() ?? 0,
            configuration.At("metrics", "enabled").IsTrue() ? configuration.At("metrics", "port").Integer() ?? 0 : 0);
        yield return (AddonPods.EveryNode(Addon, AddonPods.Label("app.kubernetes.io/name", Addon)) with
        {
            IsOnHostNetwork = true,
            InitContainers = [ObjectParts.Container($"{Addon}-init", resources: null)],
            Containers = [ObjectParts.Container(Addon, configuration.At("resources"), ObjectParts.Yaml("initialDelaySeconds: 1"), ports: ports)],
        }).ToObject();
    }
}
