using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class DatabaseRuleTests
{
    private const string Cluster = "aws:rds/cluster:Cluster";
    private const string Public = "no-public-database";

    [Fact]
    public void An_instance_with_a_public_address_is_named()
    {
        Assert.Empty(Checked.Problems(Public, "aws:rds/clusterInstance:ClusterInstance", new { publiclyAccessible = false }));
        Assert.Equal(
            ["ClusterInstance it: publiclyAccessible is true"],
            Checked.Problems(Public, "aws:rds/clusterInstance:ClusterInstance", new { publiclyAccessible = true }));
    }

    [Fact]
    public void A_search_domain_lives_in_subnets()
    {
        Assert.Empty(Checked.Problems(Public, "aws:opensearch/domain:Domain", new { vpcOptions = new { subnetIds = new[] { "private" } } }));
        Assert.Equal(
            ["Domain it: it has no vpcOptions.subnetIds, so its endpoint is public"],
            Checked.Problems(Public, "aws:opensearch/domain:Domain", new { domainName = "logs" }));
    }

    [Theory]
    [InlineData("natGatewayId", null)]
    [InlineData("gatewayId", "SubnetGroup databases: subnet data has a route to an internet gateway")]
    public void Its_subnets_have_no_way_to_an_internet_gateway(string through, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], Checked.Problems(Public, graph =>
        {
            graph.Resource("aws:ec2/subnet:Subnet", "data", new { availabilityZone = "a" }, id: "subnet-1");
            graph.Resource("aws:ec2/routeTable:RouteTable", "data", id: "rtb-1");
            graph.Resource("aws:ec2/route:Route", "out", new Dictionary<string, object?> { ["routeTableId"] = "rtb-1", [through] = "way" });
            graph.Resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "data", new { subnetId = "subnet-1", routeTableId = "rtb-1" });
            graph.Resource("aws:rds/subnetGroup:SubnetGroup", "databases", new { subnetIds = new[] { "subnet-1" } });
        }));

    [Theory]
    [InlineData("10.0.0.0/16", "tcp", 5432, 5432, null)]
    [InlineData("0.0.0.0/0", "tcp", 443, 443, null)]
    [InlineData("0.0.0.0/0", "tcp", 5432, 5432, "port 5432")]
    [InlineData("::/0", "tcp", 3000, 3400, "port 3306")]
    [InlineData("0.0.0.0/0", "-1", -1, -1, "all ports")]
    public void A_database_port_is_not_open_to_the_world(string source, string protocol, int from, int to, string? port)
    {
        // The provider has three forms for one rule.
        var own = new { cidrIpv4 = source, ipProtocol = protocol, fromPort = from, toPort = to };
        var blocks = new { type = "ingress", cidrBlocks = new[] { source }, protocol, fromPort = from, toPort = to };
        var problems = Checked.Problems(Public, graph =>
        {
            graph.Resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "own", own);
            graph.Resource("aws:ec2/securityGroupRule:SecurityGroupRule", "older", blocks);
            graph.Resource("aws:ec2/securityGroup:SecurityGroup", "inline", new { ingress = new[] { blocks } });
        });
        Assert.Equal(
            port is null ? [] : [$"SecurityGroup inline: lets the whole internet in to {port}", $"SecurityGroupRule older: lets the whole internet in to {port}", $"SecurityGroupIngressRule own: lets the whole internet in to {port}"],
            problems);
    }

    [Fact]
    public void The_group_of_a_database_is_open_to_nobody_on_any_port() =>
        Assert.Equal(
            ["SecurityGroupIngressRule https: lets the whole internet in to Domain logs"],
            Checked.Problems(Public, graph =>
            {
                graph.Resource("aws:opensearch/domain:Domain", "logs", new { vpcOptions = new { subnetIds = new[] { "s" }, securityGroupIds = new[] { "sg-1" } } });
                graph.Resource(
                    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "https",
                    new { securityGroupId = "sg-1", cidrIpv4 = "0.0.0.0/0", ipProtocol = "tcp", fromPort = 443, toPort = 443 });
            }));

    [Fact]
    public void Backups_go_back_a_week_and_the_last_one_stays()
    {
        Assert.Empty(Checked.Problems("database-backups", Cluster, new { backupRetentionPeriod = 7 }));
        Assert.Empty(Checked.Problems("database-backups", "aws:rds/instance:Instance", new { replicateSourceDb = "other" }));
        Assert.Equal(["Cluster it: backupRetentionPeriod is 1, below 7 days"], Checked.Problems("database-backups", Cluster, new { }));
        Assert.Equal(
            ["Cluster it: backupRetentionPeriod is 6, below 7 days", "Cluster it: skipFinalSnapshot is true: deleted, it leaves nothing"],
            Checked.Problems("database-backups", Cluster, new { backupRetentionPeriod = 6, skipFinalSnapshot = true }));
    }

    [Theory]
    [InlineData("aws:eks/cluster:Cluster", """{"deletionProtection":true}""", null)]
    [InlineData("aws:eks/cluster:Cluster", "{}", "deletionProtection is not true")]
    [InlineData("aws:rds/cluster:Cluster", """{"deletionProtection":false}""", "deletionProtection is not true")]
    [InlineData("aws:lb/loadBalancer:LoadBalancer", "{}", "enableDeletionProtection is not true")]
    [InlineData("aws:lb/loadBalancer:LoadBalancer", """{"enableDeletionProtection":true}""", null)]
    [InlineData("aws:s3/bucket:Bucket", """{"forceDestroy":true}""", "forceDestroy is true: it is deleted with all it holds")]
    [InlineData("aws:s3/bucket:Bucket", "{}", null)]
    [InlineData("aws:ecr/repository:Repository", """{"forceDelete":true}""", "forceDelete is true: it is deleted with all it holds")]
    [InlineData("kubernetes:core/v1:Service", """{"spec":{"type":"ClusterIP"}}""", null)]
    [InlineData(
        "kubernetes:core/v1:Service", """{"spec":{"type":"LoadBalancer"}}""",
        "service.beta.kubernetes.io/aws-load-balancer-attributes has no deletion_protection.enabled=true")]
    [InlineData(
        "kubernetes:core/v1:Service",
        """{"spec":{"type":"LoadBalancer"},"metadata":{"annotations":{"service.beta.kubernetes.io/aws-load-balancer-attributes":"a=b,deletion_protection.enabled=true"}}}""",
        null)]
    public void What_must_not_go_by_mistake_is_protected(string type, string inputs, string? problem)
    {
        var shown = type[(type.LastIndexOf(':') + 1)..];
        Assert.Equal(problem is null ? [] : [$"{shown} it: {problem}"], Checked.Problems("deletion-protection", type, Json.Of(inputs)));
    }

    [Fact]
    public void The_option_protect_protects_as_well()
    {
        var graph = new GraphBuilder();
        var urn = graph.Resource("aws:eks/cluster:Cluster", "it");
        var built = graph.Build();
        var isProtected = built with
        {
            Resources = [.. built.Resources.Select(one => one.Urn == urn ? one with { Options = one.Options with { Protect = true } } : one)],
        };
        Assert.Single(Checked.Of("deletion-protection", built).Violations);
        Assert.Empty(Checked.Of("deletion-protection", isProtected).Violations);
    }
}
