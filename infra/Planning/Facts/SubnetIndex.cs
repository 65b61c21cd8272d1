using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Facts;

/// <summary>The subnets of a graph, by the ids of the simulated run.</summary>
internal sealed class SubnetIndex
{
    private readonly Dictionary<string, SubnetFacts> _byId = [];

    public SubnetIndex(ResourceGraph graph)
    {
        var reachByTable = ReachByRouteTable(graph);
        var tableBySubnet = new Dictionary<string, string>();
        foreach (var association in graph.Resources.Where(resource => resource.Type == "aws:ec2/routeTableAssociation:RouteTableAssociation"))
        {
            if (association.Inputs.At("subnetId").Text() is { } subnet && association.Inputs.At("routeTableId").Text() is { } table)
                tableBySubnet[subnet] = table;
        }

        foreach (var subnet in graph.Resources.Where(resource => resource is { Type: "aws:ec2/subnet:Subnet", Id.Length: > 0 }))
        {
            var reach = tableBySubnet.TryGetValue(subnet.Id!, out var table) ? reachByTable.GetValueOrDefault(table) : SubnetReach.Isolated;
            _byId[subnet.Id!] = new SubnetFacts(
                subnet.Id!,
                subnet.Name,
                subnet.Inputs.At("availabilityZone").Text() ?? subnet.Inputs.At("availabilityZoneId").Text() ?? "unknown zone",
                subnet.Inputs.At("cidrBlock").Text() ?? "",
                reach);
        }
    }

    public IEnumerable<SubnetFacts> All => _byId.Values.OrderBy(subnet => subnet.Name, StringComparer.Ordinal);

    public string? ZoneOf(string? subnetId) => subnetId is not null && _byId.TryGetValue(subnetId, out var subnet) ? subnet.Zone : null;

    /// <summary>The distinct zones of the subnets, sorted.</summary>
    public ImmutableArray<string> ZonesOf(IEnumerable<string> subnetIds) =>
        [.. subnetIds.Select(ZoneOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static Dictionary<string, SubnetReach> ReachByRouteTable(ResourceGraph graph)
    {
        var routes = graph.Resources.Where(resource => resource.Type == "aws:ec2/route:Route")
            .Select(route => (Table: route.Inputs.At("routeTableId").Text(), Route: (PropertyValue)new PropertyValue.Map(route.Inputs)));
        var inline = graph.Resources.Where(resource => resource.Type == "aws:ec2/routeTable:RouteTable")
            .SelectMany(table => table.Inputs.At("routes").Items().Select(route => (Table: table.Id, Route: route)));
        var reach = new Dictionary<string, SubnetReach>();
        foreach (var (table, route) in routes.Concat(inline))
        {
            if (table is null)
                continue;
            var through = route.At("gatewayId").Text() is not null ? SubnetReach.Internet
                : route.At("natGatewayId").Text() is not null ? SubnetReach.Nat
                : SubnetReach.Isolated;
            reach[table] = (SubnetReach)Math.Max((int)reach.GetValueOrDefault(table), (int)through);
        }

        return reach;
    }
}
