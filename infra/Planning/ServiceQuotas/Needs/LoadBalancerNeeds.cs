using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>
/// Load balancers: of AWS resources, of Services of type LoadBalancer (including those of charts), of Ingresses, and of
/// gateways whose proxies are not behind a Service of their own.
/// </summary>
internal static class LoadBalancerNeeds
{
    public static LoadBalancerCount Count(ResourceGraph graph, SubnetIndex subnets)
    {
        var declared = graph.OfType("aws:lb/loadBalancer:LoadBalancer").ToLookup(balancer => balancer.Inputs.At("loadBalancerType").Text() ?? "application");
        var services = graph.OfType("kubernetes:core/v1:Service")
            .Select(service => service.Inputs.At("spec"))
            .Where(spec => spec.At("type").Text() == "LoadBalancer")
            .Select(spec => Math.Max(1, spec.At("ports").Items().Length))
            .ToList();
        services.AddRange(HelmRelease.Of(graph).SelectMany(release => ChartServices(new PropertyValue.Map(release.Values))));
        services.AddRange(GatewayPorts(graph));
        var ingresses = graph.OfType("kubernetes:networking.k8s.io/v1:Ingress").ToList();
        var network = declared["network"].Count() + services.Count;
        var application = declared["application"].Count() + ingresses.Count;
        var zones = Math.Max(1, subnets.All.Select(subnet => subnet.Zone).Distinct().Count());
        return new LoadBalancerCount(
            network,
            application,
            graph.OfType("aws:lb/targetGroup:TargetGroup").Count() + services.Sum() + ingresses.Sum(Backends),
            services.DefaultIfEmpty().Max(),
            (network + application) * zones,
            services.Count + ingresses.Count);
    }

    public static IEnumerable<QuotaNeed> Of(LoadBalancerCount count)
    {
        const string service = "elasticloadbalancing";
        yield return QuotaNeed.Of(service, "L-69A177A2", count.Network, $"{Wording.Count(count.Network, "network load balancer")}, declared or of Services and gateways");
        yield return QuotaNeed.Of(service, "L-53DA6B97", count.Application, $"{Wording.Count(count.Application, "application load balancer")}, declared or of Ingresses");
        yield return QuotaNeed.Of(
            service, "L-B22855CB", count.TargetGroups, $"{Wording.Count(count.TargetGroups, "target group")}: one for each port of a Service and backend of an Ingress");
        yield return QuotaNeed.Of(service, "L-57A373D6", count.MaxListeners, $"{Wording.Count(count.MaxListeners, "port")} of the Service with the most");
    }

    /// <summary>Envoy Gateway creates a Service of type LoadBalancer for a gateway, unless its EnvoyProxy sets another type.</summary>
    private static IEnumerable<int> GatewayPorts(ResourceGraph graph)
    {
        var types = graph.OfType("kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy")
            .ToLookup(Name, proxy => proxy.Inputs.At("spec", "provider", "kubernetes", "envoyService", "type").Text() ?? "LoadBalancer");
        var proxies = graph.OfType("kubernetes:gateway.networking.k8s.io/v1:GatewayClass")
            .Where(gatewayClass => gatewayClass.Inputs.At("spec", "controllerName").Text() == "gateway.envoyproxy.io/gatewayclass-controller")
            .ToLookup(Name, gatewayClass => gatewayClass.Inputs.At("spec", "parametersRef", "name").Text() ?? "");
        return graph.OfType("kubernetes:gateway.networking.k8s.io/v1:Gateway")
            .Where(gateway => proxies[gateway.Inputs.At("spec", "gatewayClassName").Text() ?? ""]
                .Any(proxy => (types[proxy].FirstOrDefault() ?? "LoadBalancer") == "LoadBalancer"))
            .Select(gateway => gateway.Inputs.At("spec", "listeners").Items().Select(listener => listener.At("port").Integer()).Distinct().Count())
            .Select(ports => Math.Max(1, ports));
    }

    private static IEnumerable<int> ChartServices(PropertyValue? value) => value switch
    {
        PropertyValue.Map map => map.Entries.SelectMany(entry => ChartServices(entry.Value))
            .Concat(map.At("service", "type").Text() == "LoadBalancer" ? [1] : []),
        PropertyValue.List list => list.Items.SelectMany(ChartServices),
        _ => [],
    };

    private static int Backends(ResourceNode ingress) =>
        Math.Max(1, ingress.Inputs.At("spec", "rules").Items().Sum(rule => rule.At("http", "paths").Items().Length));

    private static string Name(ResourceNode resource) => resource.Inputs.At("metadata", "name").Text() ?? resource.Name;
}

/// <summary>Load balancers, declared in AWS or asked for by Kubernetes objects.</summary>
/// <param name="MaxListeners">Of one network load balancer.</param>
/// <param name="Interfaces">One in each zone of each.</param>
/// <param name="FromKubernetes">Those that a controller in the cluster makes.</param>
internal sealed record LoadBalancerCount(int Network, int Application, int TargetGroups, int MaxListeners, int Interfaces, int FromKubernetes);
