using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Twin.Aws.Protocols;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>The network, as the program declares it.</summary>
internal sealed class Ec2Network(Account account)
{
    public IEnumerable<object?> Answer(AwsCall call) => call.Operation switch
    {
        "DescribeAvailabilityZones" => [List("availabilityZoneInfo", "item", account.Zones.Select(Zone))],
        "DescribeSubnets" => DescribeSubnets(call),
        "DescribeNatGateways" => DescribeNatGateways(call),
        "DescribeRouteTables" => DescribeRouteTables(call),
        "DescribeVpcs" => Declared(call, "vpcSet", "aws:ec2/vpc:Vpc", vpc => [El("vpcId", vpc.Id), El("state", "available"), El("cidrBlock", vpc.Inputs.At("cidrBlock").Text()), El("isDefault", "false")]),
        "DescribeInternetGateways" => Declared(call, "internetGatewaySet", "aws:ec2/internetGateway:InternetGateway", gateway => [El("internetGatewayId", gateway.Id)]),
        "DescribeVpcEndpoints" => Declared(call, "vpcEndpointSet", "aws:ec2/vpcEndpoint:VpcEndpoint", endpoint =>
            [El("vpcEndpointId", endpoint.Id), El("vpcEndpointType", TypeOf(endpoint)), El("vpcId", account.VpcId), El("serviceName", endpoint.Inputs.At("serviceName").Text()), El("state", "available")]),
        _ => throw ServiceTable.Unknown(call),
    };

    private object?[] Zone(string zone) =>
    [
        El("zoneName", zone), El("zoneId", account.ZoneIdOf(zone)), El("zoneState", "available"), El("regionName", account.Region), El("zoneType", "availability-zone"),
        El("optInStatus", "opt-in-not-required"), El("messageSet"),
    ];

    private IEnumerable<object?> DescribeSubnets(AwsCall call)
    {
        var ids = call.List("SubnetId");
        var wanted = account.Subnets.Where(subnet => (ids.Count == 0 || ids.Contains(subnet.Id)) && call.Filters().All(filter => filter.Name switch
        {
            "vpc-id" => filter.Values.Contains(account.VpcId),
            "subnet-id" => filter.Values.Contains(subnet.Id),
            "availability-zone" => filter.Values.Contains(subnet.Zone),
            _ => Ec2Filters.ByTag(filter, subnet.Tags),
        })).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("NextToken"), call.Number("MaxResults"));
        return
        [
            List("subnetSet", "item", page.Select(subnet => new object?[]
            {
                El("subnetId", subnet.Id), El("state", "available"), El("vpcId", account.VpcId), El("cidrBlock", subnet.Cidr), El("availableIpAddressCount", "4000"),
                El("availabilityZone", subnet.Zone), El("availabilityZoneId", account.ZoneIdOf(subnet.Zone)), Tags("tagSet", subnet.Tags),
            })),
            next is null ? null : El("nextToken", next),
        ];
    }

    private IEnumerable<object?> DescribeNatGateways(AwsCall call)
    {
        var wanted = account.All("aws:ec2/natGateway:NatGateway").Where(nat => call.Filters().All(filter => filter.Name switch
        {
            "vpc-id" => filter.Values.Contains(account.VpcId),
            "state" => filter.Values.Contains("available"),
            _ => Ec2Filters.ByTag(filter, Account.Tags(nat)),
        })).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("NextToken"), call.Number("MaxResults"));
        return
        [
            List("natGatewaySet", "item", page.Select(nat => new object?[]
            {
                El("natGatewayId", nat.Id), El("state", "available"), El("subnetId", nat.Inputs.At("subnetId").Text()), El("vpcId", account.VpcId),
                El("createTime", Account.Iso(account.At(TimeSpan.Zero))), El("connectivityType", "public"), Tags("tagSet", Account.Tags(nat)),
            })),
            next is null ? null : El("nextToken", next),
        ];
    }

    /// <summary>Resources of one type, as the program declares them.</summary>
    private IEnumerable<object?> Declared(AwsCall call, string set, string type, Func<ResourceNode, object?[]> describe)
    {
        var wanted = account.All(type).Where(one => call.Filters().All(filter => filter.Name switch
        {
            "vpc-id" => filter.Values.Contains(account.VpcId),
            "vpc-endpoint-type" => filter.Values.Contains(TypeOf(one)),
            _ => Ec2Filters.ByTag(filter, Account.Tags(one)),
        })).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("NextToken"), call.Number("MaxResults"));
        return [List(set, "item", page.Select(one => (object?[])[.. describe(one), Tags("tagSet", Account.Tags(one))])), next is null ? null : El("nextToken", next)];
    }

    private static string TypeOf(ResourceNode endpoint) => endpoint.Inputs.At("vpcEndpointType").Text() ?? "Gateway";

    private IEnumerable<object?> DescribeRouteTables(AwsCall call)
    {
        var associations = account.All("aws:ec2/routeTableAssociation:RouteTableAssociation").ToLookup(one => one.Inputs.At("routeTableId").Text());
        var routes = account.All("aws:ec2/route:Route").ToLookup(one => one.Inputs.At("routeTableId").Text());
        var wanted = account.All("aws:ec2/routeTable:RouteTable").Where(table => call.Filters().All(filter => filter.Name switch
        {
            "vpc-id" => filter.Values.Contains(account.VpcId),
            _ => Ec2Filters.ByTag(filter, Account.Tags(table)),
        })).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("NextToken"), call.Number("MaxResults"));
        return
        [
            List("routeTableSet", "item", page.Select(table => new object?[]
            {
                El("routeTableId", table.Id), El("vpcId", account.VpcId),
                List("routeSet", "item", routes[table.Id].Select(Route)),
                List("associationSet", "item", associations[table.Id].Select(one => new object?[]
                {
                    El("routeTableAssociationId", one.Id), El("routeTableId", table.Id), El("subnetId", one.Inputs.At("subnetId").Text()), El("main", "false"),
                })),
                Tags("tagSet", Account.Tags(table)),
            })),
            next is null ? null : El("nextToken", next),
        ];
    }

    private static object?[] Route(ResourceNode route) =>
    [
        El("destinationCidrBlock", route.Inputs.At("destinationCidrBlock").Text() ?? "0.0.0.0/0"),
        route.Inputs.At("natGatewayId").Text() is { } nat ? El("natGatewayId", nat) : null,
        route.Inputs.At("gatewayId").Text() is { } gateway ? El("gatewayId", gateway) : null,
        El("state", "active"), El("origin", "CreateRoute"),
    ];
}
