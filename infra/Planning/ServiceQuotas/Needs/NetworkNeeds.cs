using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>VPCs and their contents, as declared.</summary>
internal static class NetworkNeeds
{
    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph, SubnetIndex subnets)
    {
        var addresses = graph.OfType("aws:ec2/eip:Eip").Count();
        yield return QuotaNeed.Of(
            "ec2", "L-0263D0A3", addresses, $"{Wording.Count(addresses, "Elastic IP")} declared; a network load balancer has addresses of its own");
        var vpcs = graph.OfType("aws:ec2/vpc:Vpc").Count();
        yield return QuotaNeed.Of("vpc", "L-F678F1CE", vpcs, $"{Wording.Count(vpcs, "VPC")} declared");
        var gateways = graph.OfType("aws:ec2/internetGateway:InternetGateway").Count();
        yield return QuotaNeed.Of("vpc", "L-A4707A72", gateways, $"{Wording.Count(gateways, "internet gateway")} declared");
        yield return NatGateways(graph, subnets);
        yield return MaxInAVpc(graph.OfType("aws:ec2/subnet:Subnet"), "L-407747CB", "subnet");
        yield return MaxInAVpc(graph.OfType("aws:ec2/routeTable:RouteTable"), "L-589F43AA", "route table", unseen: 1);
        var endpoints = graph.OfType("aws:ec2/vpcEndpoint:VpcEndpoint").ToLookup(IsInterface);
        yield return MaxInAVpc(endpoints[true], "L-29B6F2EB", "interface endpoint");
        var gatewayEndpoints = endpoints[false].Count();
        yield return QuotaNeed.Of("vpc", "L-1B52E74A", gatewayEndpoints, $"{Wording.Count(gatewayEndpoints, "gateway endpoint")} declared");
    }

    internal static bool IsInterface(ResourceNode endpoint) => endpoint.Inputs.At("vpcEndpointType").Text() == "Interface";

    private static QuotaNeed NatGateways(ResourceGraph graph, SubnetIndex subnets)
    {
        var byZone = graph.OfType("aws:ec2/natGateway:NatGateway")
            .CountBy(nat => subnets.ZoneOf(nat.Inputs.At("subnetId").Text()) ?? "")
            .Select(zone => zone.Value)
            .ToList();
        var most = byZone.DefaultIfEmpty().Max();
        return QuotaNeed.Of("vpc", "L-FE5A380F", most, $"{Wording.Count(byZone.Sum(), "NAT gateway")}, {most} in a zone at most");
    }

    /// <param name="unseen">Resources that AWS creates in each VPC, such as the main route table.</param>
    private static QuotaNeed MaxInAVpc(IEnumerable<ResourceNode> resources, string code, string name, int unseen = 0)
    {
        var most = resources.CountBy(resource => resource.Inputs.At("vpcId").Text() ?? "").Select(vpc => vpc.Value + unseen).DefaultIfEmpty().Max();
        return QuotaNeed.Of("vpc", code, most, $"{Wording.Count(most, name)} in a VPC{(unseen > 0 ? ", with the one that AWS makes" : "")}");
    }
}
