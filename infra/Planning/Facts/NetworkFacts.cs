using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Facts;

/// <summary>The declared network: its address range, and the resources of each zone.</summary>
/// <param name="VpcCidr">Null when the program declares no VPC.</param>
public sealed record NetworkFacts(string? VpcCidr, ImmutableArray<ZoneFacts> Zones, ImmutableArray<string> Endpoints)
{
    public int NatGateways => Zones.Sum(zone => zone.NatGateways);

    internal static NetworkFacts Of(ResourceGraph graph, SubnetIndex subnets)
    {
        var natsByZone = graph.Resources.Where(resource => resource.Type == "aws:ec2/natGateway:NatGateway")
            .Select(nat => nat.Inputs.At("subnetId").Text())
            .Select(subnet => subnets.ZoneOf(subnet) ?? "unknown zone")
            .CountBy(zone => zone)
            .ToDictionary();
        var zones = subnets.All.Select(subnet => subnet.Zone).Concat(natsByZone.Keys).Distinct().Order(StringComparer.Ordinal);
        return new NetworkFacts(
            graph.Resources.FirstOrDefault(resource => resource.Type == "aws:ec2/vpc:Vpc")?.Inputs.At("cidrBlock").Text(),
            [.. zones.Select(zone => new ZoneFacts(zone, [.. subnets.All.Where(subnet => subnet.Zone == zone)], natsByZone.GetValueOrDefault(zone)))],
            [.. graph.Resources.Where(resource => resource.Type == "aws:ec2/vpcEndpoint:VpcEndpoint").Select(EndpointName).Order(StringComparer.Ordinal)]);
    }

    /// <summary><c>com.amazonaws.eu-central-1.ecr.api</c> is called <c>ecr.api</c>.</summary>
    private static string EndpointName(ResourceNode endpoint) =>
        endpoint.Inputs.At("serviceName").Text() is { } service && service.Split('.', 4) is [_, _, _, var name] ? name : endpoint.Name;
}

/// <summary>One availability zone of the network.</summary>
public sealed record ZoneFacts(string Name, ImmutableArray<SubnetFacts> Subnets, int NatGateways);
