using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>NAT gateways, public addresses, endpoints, and assumed traffic.</summary>
internal static class NetworkCosts
{
    public static void AddVpc(ResourceNode vpc, CostSheet sheet)
    {
        sheet.Assume(vpc, UsageCatalog.Egress);
        if (sheet.Zones.Length > 1)
            sheet.Assume(vpc, UsageCatalog.CrossZoneTraffic);
        if (sheet.OfType("aws:ec2/natGateway:NatGateway").Any())
            sheet.Assume(vpc, UsageCatalog.NatTraffic);
        if (sheet.OfType("aws:ec2/vpcEndpoint:VpcEndpoint").Any(IsInterface))
            sheet.Assume(vpc, UsageCatalog.EndpointTraffic);
    }

    public static void AddNat(ResourceNode nat, CostSheet sheet) =>
        sheet.Add(nat, new CostItem("NAT gateway", "nat:hour", 1)
        {
            Role = CostRole.NatGateway,
            Zones = sheet.Subnets.ZoneOf(nat.Inputs.At("subnetId").Text()) is { } zone ? [zone] : [],
        });

    /// <summary>
    /// Since February 2024 every public IPv4 address is charged, in use or not:
    /// https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/
    /// </summary>
    public static void AddAddress(ResourceNode address, CostSheet sheet)
    {
        var nat = sheet.OfType("aws:ec2/natGateway:NatGateway")
            .FirstOrDefault(candidate => candidate.Inputs.At("allocationId").Text() is { } id && id == address.Id);
        var zone = sheet.Subnets.ZoneOf(nat?.Inputs.At("subnetId").Text());
        sheet.Add(address, new CostItem("public IPv4 address", "ipv4:hour", 1)
        {
            Role = nat is null ? CostRole.Other : CostRole.NatAddress,
            Zones = zone is null ? [] : [zone],
        });
    }

    /// <summary>Charged per zone of an interface endpoint; gateway endpoints are free.</summary>
    public static void AddEndpoint(ResourceNode endpoint, CostSheet sheet)
    {
        if (!IsInterface(endpoint))
            return;
        var subnets = endpoint.Inputs.At("subnetIds").Texts().ToList();
        sheet.Add(endpoint, new CostItem("interface endpoint, per zone", "endpoint:hour", Math.Max(1, subnets.Count))
        {
            Role = CostRole.InterfaceEndpoint,
            Zones = sheet.Subnets.ZonesOf(subnets),
        });
    }

    private static bool IsInterface(ResourceNode endpoint) =>
        endpoint.Inputs.At("vpcEndpointType").Text() is "Interface" or "GatewayLoadBalancer";
}
