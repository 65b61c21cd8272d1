using HaCluster.Planning.Policies;
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
            port is null ? [] : [$"SecurityGroup inline: opens {port} to the internet ({source})", $"SecurityGroupRule older: opens {port} to the internet ({source})", $"SecurityGroupIngressRule own: opens {port} to the internet ({source})"],
            problems);
    }

    [Fact]
    public void The_group_of_a_database_is_open_to_nobody_on_any_port() =>
        Assert.Equal(
            ["SecurityGroupIngressRule https: opens Domain logs to the internet (0.0.0.0/0)"],
            Checked.Problems(Public, graph =>
            {
                graph.Resource("aws:opensearch/domain:Domain", "logs", new { vpcOptions = new { subnetIds = new[] { "s" }, securityGroupIds = new[] { "sg-1" } } });
                graph.Resource(
                    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "https",
                    new { securityGroupId = "sg-1", cidrIpv4 = "0.0.0.0/0", ipProtocol = "tcp", fromPort = 443, toPort = 443 });
            }));

    // Broader than /8 or /32 is public to AWS:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
    [Theory]
    [InlineData(null, "203.0.113.0/24")]
    [InlineData(null, "203.0.113.7")]
    [InlineData(null, "52.0.0.0/8", "54.0.0.0/8")]
    [InlineData("52.0.0.0/7", "203.0.113.0/24", "52.0.0.0/7")]
    [InlineData("0.0.0.0/1", "0.0.0.0/1", "128.0.0.0/1")]
    [InlineData("0.0.0.0/2", "0.0.0.0/2")]
    [InlineData("0.0.0.0/00", "0.0.0.0/00")]
    [InlineData("8000::/1", "::1/128", "8000::/1")]
    [InlineData("2000::/3", "2000::/3")]
    [InlineData(null, "2001:db8::/32", "fc00::/7", "10.0.0.0/8")]
    [InlineData("10.0.0.0/7", "10.0.0.0/7")]
    public void A_range_short_of_everything_is_the_internet_too(string? broad, params string[] sources)
    {
        var problems = Checked.Problems(Public, "aws:ec2/securityGroupRule:SecurityGroupRule", new
        {
            type = "ingress",
            securityGroupId = "sg",
            protocol = "tcp",
            fromPort = 6379,
            toPort = 6379,
            cidrBlocks = sources.Where(source => !source.Contains(':', StringComparison.Ordinal)),
            ipv6CidrBlocks = sources.Where(source => source.Contains(':', StringComparison.Ordinal)),
        });
        Assert.Equal(broad is null ? [] : [$"SecurityGroupRule it: opens port 6379 to the internet ({broad})"], problems);
    }

    [Fact]
    public void Pieces_of_the_internet_in_several_rules_of_one_group_add_up()
    {
        void Build(GraphBuilder graph, int pieces, bool isOneGroup)
        {
            for (var i = 0; i < pieces; i++)
            {
                graph.Resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", $"piece-{i:00}", new
                {
                    securityGroupId = isOneGroup ? "sg" : $"sg-{i}",
                    cidrIpv4 = $"{i + 16}.0.0.0/8",
                    ipProtocol = "tcp",
                    fromPort = 5432,
                    toPort = 5432,
                });
            }
        }

        Assert.Empty(Checked.Problems(Public, graph => Build(graph, 8, isOneGroup: true)));
        Assert.Empty(Checked.Problems(Public, graph => Build(graph, 32, isOneGroup: false)));
        Assert.Equal(
            ["SecurityGroupIngressRule piece-00: opens port 5432 to the internet (32 ranges that add up to it)"],
            Checked.Problems(Public, graph => Build(graph, 32, isOneGroup: true)));
    }

    [Theory]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("0.0.0.0/0", "SecurityGroupIngressRule it: opens port 5432 to the internet (0.0.0.0/0)")]
    public void A_prefix_list_counts_as_what_is_in_it(string range, string? problem) =>
        Assert.Equal(problem is null ? [] : [problem], Checked.Problems(Public, graph =>
        {
            graph.Resource("aws:ec2/managedPrefixList:ManagedPrefixList", "offices", new { entries = new[] { new { cidr = range } } }, id: "pl-1");
            graph.Resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "it", new
            {
                securityGroupId = "sg",
                prefixListId = "pl-1",
                ipProtocol = "tcp",
                fromPort = 5432,
                toPort = 5432,
            });
        }));

    [Theory]
    [InlineData("""{"prefixListId":"pl-of-aws"}""", "rule SecurityGroupIngressRule it: prefix list pl-of-aws")]
    [InlineData("""{"cidrIpv4":{"$unknown":true}}""", "rule SecurityGroupIngressRule it: cidrIpv4")]
    [InlineData("""{"cidrIpv4":"everywhere"}""", "rule SecurityGroupIngressRule it: source everywhere")]
    public void A_source_that_cannot_be_read_is_not_inspected(string rule, string subject)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "it", Json.Of(rule));
        var result = Checked.Of(Public, graph.Build());
        Assert.Equal((PolicyStatus.Incomplete, subject), (result.Status, Assert.Single(result.NotInspected)));
    }

    [Fact]
    public void The_group_of_a_cache_is_one_of_a_database() =>
        Assert.Equal(
            ["SecurityGroupRule tls: opens ReplicationGroup sessions to the internet (::/1)"],
            Checked.Problems(Public, graph =>
            {
                graph.Resource("aws:elasticache/replicationGroup:ReplicationGroup", "sessions", new { securityGroupIds = new[] { "sg-1" } });
                graph.Resource("aws:ec2/securityGroupRule:SecurityGroupRule", "tls", new
                {
                    type = "ingress",
                    securityGroupId = "sg-1",
                    ipv6CidrBlocks = new[] { "::/1" },
                    protocol = "tcp",
                    fromPort = 8443,
                    toPort = 8443,
                });
            }));

    // https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html: the endpoint is public, and open to all, unless told otherwise.
    [Theory]
    [InlineData("""{"vpcConfig":{"endpointPublicAccess":false}}""", PolicyStatus.Holds)]
    [InlineData("""{"vpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["203.0.113.0/24"]}}""", PolicyStatus.Holds)]
    [InlineData("""{"vpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["0.0.0.0/1","128.0.0.0/1"]}}""", PolicyStatus.Violated)]
    [InlineData("""{"vpcConfig":{"endpointPublicAccess":true}}""", PolicyStatus.Violated)]
    [InlineData("""{"vpcConfig":{}}""", PolicyStatus.Violated)]
    [InlineData("""{"vpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":{"$unknown":true}}}""", PolicyStatus.Incomplete)]
    public void The_Kubernetes_API_is_not_open_to_the_internet(string cluster, PolicyStatus expected)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:eks/cluster:Cluster", "it", Json.Of(cluster));
        Assert.Equal(expected, Checked.Of("no-public-administration", graph.Build()).Status);
    }

    [Theory]
    [InlineData("203.0.113.0/24", 22, null)]
    [InlineData("0.0.0.0/1", 22, "port 22")]
    [InlineData("0.0.0.0/0", 443, null)]
    [InlineData("0.0.0.0/0", 10250, "port 10250")]
    public void A_port_for_administrators_is_not_open_to_the_internet(string source, int port, string? target) =>
        Assert.Equal(
            target is null ? [] : [$"SecurityGroupIngressRule it: opens {target} to the internet ({source})"],
            Checked.Problems("no-public-administration", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", new
            {
                cidrIpv4 = source,
                ipProtocol = "tcp",
                fromPort = port,
                toPort = port,
            }));

    [Fact]
    public void Backups_go_back_a_week_and_the_last_one_stays()
    {
        Assert.Empty(Checked.Problems("database-backups", Cluster, new { backupRetentionPeriod = 7 }));
        Assert.Empty(Checked.Problems("database-backups", "aws:rds/instance:Instance", new { replicateSourceDb = "other" }));
        Assert.Equal(["Cluster it: backupRetentionPeriod is 1, below 7 days"], Checked.Problems("database-backups", Cluster, new { }));
        Assert.Equal(
            ["Cluster it: backupRetentionPeriod is 6, below 7 days", "Cluster it: skipFinalSnapshot is true: deleting it leaves no snapshot"],
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
