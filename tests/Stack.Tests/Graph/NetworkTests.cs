using System.Text.Json;
namespace HaCluster.Stack.Tests.Graph;

public class NetworkTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_zone_has_its_four_subnets_and_its_own_way_out(int zones)
    {
        var resources = await DeclaredCluster.FromAsync($$"""{"zones":{{zones}}}""");

        var subnets = resources.Of("aws:ec2/subnet:Subnet");
        Assert.Equal(4 * zones, subnets.Count);
        Assert.All(subnets.GroupBy(subnet => subnet.Text("availabilityZone")), zone => Assert.Equal(4, zone.Count()));
        Assert.Equal(zones, resources.Of("aws:ec2/natGateway:NatGateway").Count);
        Assert.Equal(zones, resources.Of("aws:ec2/eip:Eip").Count);
        for (var i = 1; i <= zones; i++)
            Assert.Equal($"nat-{i}-id", resources.One("aws:ec2/route:Route", $"private-{i}").Text("natGatewayId"));
    }

    [Fact]
    public async Task One_nat_gateway_serves_all_zones_when_asked()
    {
        var resources = await DeclaredCluster.FromAsync("""{"nat":"single"}""");

        Assert.Single(resources.Of("aws:ec2/natGateway:NatGateway"));
        Assert.All(
            resources.Of("aws:ec2/route:Route").Where(route => route.Name.StartsWith("private", StringComparison.Ordinal)),
            route => Assert.Equal("nat-1-id", route.Text("natGatewayId")));
    }

    [Fact]
    public async Task Databases_have_no_way_out()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.DoesNotContain(resources.Of("aws:ec2/route:Route"), route => route.Name.StartsWith("data", StringComparison.Ordinal));
        Assert.Equal(3, resources.Of("aws:ec2/routeTableAssociation:RouteTableAssociation").Count(each => each.Name.StartsWith("data", StringComparison.Ordinal)));
    }

    // A network policy names addresses: the API and AWS must not share theirs with pods.
    [Fact]
    public async Task The_interfaces_of_the_api_and_of_aws_have_subnets_without_pods()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        string[] endpoints = ["endpoints-1-id", "endpoints-2-id", "endpoints-3-id"];
        Assert.Equal(endpoints, resources.One("aws:eks/cluster:Cluster", "cluster").List("vpcConfig.subnetIds"));
        var interfaces = resources.Of("aws:ec2/vpcEndpoint:VpcEndpoint").Where(each => each.Text("vpcEndpointType") == "Interface").ToArray();
        Assert.NotEmpty(interfaces);
        Assert.All(interfaces, each => Assert.Equal(endpoints, each.List("subnetIds")));
        Assert.All(resources.Of("aws:eks/nodeGroup:NodeGroup"), group => Assert.Empty(group.List("subnetIds").Intersect(endpoints)));
        Assert.DoesNotContain(resources.Of("aws:ec2/route:Route"), route => route.Name.StartsWith("endpoints", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Load_balancers_and_karpenter_find_their_subnets()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.Equal("1", resources.One("aws:ec2/subnet:Subnet", "public-1").Map("tags")["kubernetes.io/role/elb"]);
        var tags = resources.One("aws:ec2/subnet:Subnet", "private-1").Map("tags");
        Assert.Equal("1", tags["kubernetes.io/role/internal-elb"]);
        Assert.Equal("ha-cluster-test", tags["karpenter.sh/discovery"]);
    }

    [Fact]
    public async Task The_default_security_group_has_no_rules()
    {
        var group = Assert.Single((await DeclaredCluster.FromAsync("{}")).Of("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"));

        Assert.Null(group.At("ingress"));
        Assert.Null(group.At("egress"));
    }

    [Fact]
    public async Task Endpoints_are_named_in_the_partition_of_the_account()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.Equal("example.test.eu-central-1.ecr.api", resources.One("aws:ec2/vpcEndpoint:VpcEndpoint", "ecr-api").Text("serviceName"));
        Assert.Equal("Gateway", resources.One("aws:ec2/vpcEndpoint:VpcEndpoint", "s3").Text("vpcEndpointType"));
        Assert.Equal(12, resources.One("aws:ec2/vpcEndpoint:VpcEndpoint", "s3").List("routeTableIds").Count);
        Assert.Single((await DeclaredCluster.FromAsync("""{"network":{"interfaceEndpoints":false}}""")).Of("aws:ec2/vpcEndpoint:VpcEndpoint"));
    }

    [Fact]
    public async Task Endpoints_let_callers_of_this_account_pass_and_data_to_no_other()
    {
        var endpoints = (await DeclaredCluster.FromAsync("{}")).Of("aws:ec2/vpcEndpoint:VpcEndpoint");

        foreach (var endpoint in endpoints.Where(endpoint => endpoint.Name is not ("s3" or "eks-auth")))
        {
            var callers = Statements(endpoint).Single(statement => statement.GetProperty("Sid").GetString() == "CallersOfThisAccount");
            Assert.Equal("*", callers.GetProperty("Principal").GetString());
            Assert.Equal(ClusterMocks.Account, callers.GetProperty("Condition").GetProperty("StringEquals").GetProperty("aws:PrincipalAccount").GetString());
            // Images of add-ons are in registries of AWS; secrets, keys and logs are nowhere else than here.
            Assert.Equal(
                endpoint.Name is not ("ec2" or "ecr-api" or "ecr-dkr" or "sts"),
                callers.GetProperty("Condition").TryGetProperty("StringEqualsIfExists", out var owner)
                && owner.GetProperty("aws:ResourceAccount").GetString() == ClusterMocks.Account);
        }

        // A pod whose token is no AWS principal yet.
        Assert.Contains(Statements(endpoints.Single(endpoint => endpoint.Name == "sts")), statement => statement.GetProperty("Sid").GetString() == "RolesByToken");
    }

    [Fact]
    public async Task Whoever_is_not_of_this_account_only_reads_from_buckets()
    {
        var statements = Statements((await DeclaredCluster.FromAsync("{}")).One("aws:ec2/vpcEndpoint:VpcEndpoint", "s3"));

        var own = Assert.Single(statements, statement => statement.GetProperty("Action").GetString() == "s3:*");
        foreach (var key in new[] { "aws:PrincipalAccount", "aws:ResourceAccount" })
            Assert.Equal(ClusterMocks.Account, own.GetProperty("Condition").GetProperty("StringEquals").GetProperty(key).GetString());
        Assert.All(statements.Where(statement => statement.GetProperty("Sid").GetString() != own.GetProperty("Sid").GetString()), statement =>
            Assert.Equal("s3:GetObject", statement.GetProperty("Action").GetString()));
        var images = statements.Single(statement => statement.GetProperty("Sid").GetString() == "ImagesAndPackages");
        Assert.Contains("arn:aws-test:s3:::prod-eu-central-1-starport-layer-bucket/*", images.GetProperty("Resource").EnumerateArray().Select(arn => arn.GetString()));
    }

    [Fact]
    public async Task Only_routes_and_firewalled_egress_mention_the_whole_internet()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var open = resources
            .SelectMany(resource => resource.Texts().Where(text => text.Value == "0.0.0.0/0").Select(text => (resource, text.Path)))
            .ToArray();
        Assert.NotEmpty(open);
        Assert.All(open, found => Assert.True(
            found is { resource.Type: "aws:ec2/route:Route", Path: ".destinationCidrBlock" }
            // HTTPS alone, from a managed pipeline whose subnets have no other way to the queue and the bucket than AWS's own addresses.
            || found is { resource: { Type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", Name: "audit-pipeline" }, Path: ".cidrIpv4" }
            || (found.resource.Type == "kubernetes:networking.k8s.io/v1:NetworkPolicy" && found.Path.StartsWith(".spec.egress", StringComparison.Ordinal)),
            $"{found.resource.Type} {found.resource.Name}{found.Path}"));
    }

    private static JsonElement[] Statements(RecordedResource endpoint) =>
        [.. JsonDocument.Parse(endpoint.Text("policy")).RootElement.GetProperty("Statement").EnumerateArray()];
}
