using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Services;

/// <summary>NAT gateways, and the zones whose subnets route through each.</summary>
internal static class NatReader
{
    public static ImmutableArray<NatGateway> Read(ResourceGraph graph, SubnetIndex subnets)
    {
        var zonesByTable = graph.Resources.Where(resource => resource.Type == "aws:ec2/routeTableAssociation:RouteTableAssociation")
            .Select(link => (Table: link.Inputs.At("routeTableId").Text(), Zone: subnets.ZoneOf(link.Inputs.At("subnetId").Text())))
            .Where(link => link is { Table: not null, Zone: not null })
            .ToLookup(link => link.Table!, link => link.Zone!);
        var tablesByNat = RoutesThroughNat(graph).ToLookup(route => route.Nat, route => route.Table);
        return
        [
            .. graph.Resources.Where(resource => resource is { Type: "aws:ec2/natGateway:NatGateway", Id: not null })
                .Select(nat => new NatGateway(
                    nat.Name,
                    subnets.ZoneOf(nat.Inputs.At("subnetId").Text()) ?? "",
                    [.. tablesByNat[nat.Id!].SelectMany(table => zonesByTable[table]).Distinct().Order(StringComparer.Ordinal)]))
                .OrderBy(nat => nat.Name, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<(string Nat, string Table)> RoutesThroughNat(ResourceGraph graph)
    {
        foreach (var resource in graph.Resources)
        {
            if (resource.Type == "aws:ec2/route:Route"
                && resource.Inputs.At("natGatewayId").Text() is { } nat && resource.Inputs.At("routeTableId").Text() is { } table)
                yield return (nat, table);
            if (resource is not { Type: "aws:ec2/routeTable:RouteTable", Id: { } own })
                continue;
            foreach (var inline in resource.Inputs.At("routes").Items().Select(route => route.At("natGatewayId").Text()).OfType<string>())
                yield return (inline, own);
        }
    }
}
