using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Load balancers: those of the plan, and those that controllers create for Kubernetes objects.</summary>
internal static class BalancerCosts
{
    private const string SchemeAnnotation = "service.beta.kubernetes.io/aws-load-balancer-scheme";
    private const string EnvoyProxyType = "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy";

    public static void AddService(ResourceNode service, CostSheet sheet)
    {
        if (service.Inputs.At("spec", "type").Text() != "LoadBalancer")
            return;
        var isPublic = service.Inputs.At("metadata", "annotations", SchemeAnnotation).Text() == "internet-facing";
        AddNetwork(service, NameOf(service), isPublic, sheet);
    }

    /// <summary>The controller of a gateway creates a Service of type LoadBalancer for it, unless configured for another type.</summary>
    public static void AddGateway(ResourceNode gateway, CostSheet sheet)
    {
        var kind = sheet.OfType(EnvoyProxyType)
            .Select(proxy => proxy.Inputs.At("spec", "provider", "kubernetes", "envoyService", "type").Text())
            .FirstOrDefault(type => type is not null);
        if (kind is null or "LoadBalancer")
            AddNetwork(gateway, NameOf(gateway), isPublic: true, sheet);
    }

    public static void AddLoadBalancer(ResourceNode balancer, CostSheet sheet)
    {
        var subnets = Math.Max(balancer.Inputs.At("subnets").Items().Length, balancer.Inputs.At("subnetMappings").Items().Length);
        var addresses = balancer.Inputs.At("internal").IsTrue() ? 0 : Math.Max(1, subnets);
        switch (balancer.Inputs.At("loadBalancerType").Text() ?? "application")
        {
            case "application":
                Add(balancer, balancer.Name, "alb", UsageCatalog.ApplicationBalancerUnits, addresses, sheet);
                break;
            case "network":
                Add(balancer, balancer.Name, "nlb", UsageCatalog.NetworkBalancerUnits, addresses, sheet);
                break;
            case var other:
                sheet.Unknown(balancer, balancer.Name, $"load balancers of type {other} are not priced");
                break;
        }
    }

    /// <summary>A network load balancer in every zone, as the AWS controller creates it for a Service.</summary>
    public static void AddNetwork(ResourceNode owner, string name, bool isPublic, CostSheet sheet) =>
        Add(owner, name, "nlb", UsageCatalog.NetworkBalancerUnits, isPublic ? sheet.Zones.Length : 0, sheet);

    private static void Add(ResourceNode owner, string name, string kind, UsageAmount units, int addresses, CostSheet sheet)
    {
        sheet.Add(owner, new CostItem($"{name}: {kind.ToUpperInvariant()}", $"{kind}:hour", 1));
        sheet.Assume(owner, units, what: $"{name}: {units.What}");
        // One in each zone, as AWS assigns them.
        sheet.Add(owner, new CostItem($"{name}: public IPv4 address", "ipv4:hour", addresses) { Zones = sheet.Zones });
    }

    private static string NameOf(ResourceNode resource) => resource.Inputs.At("metadata", "name").Text() ?? resource.Name;
}
