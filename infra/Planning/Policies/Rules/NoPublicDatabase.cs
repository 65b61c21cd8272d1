using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Network;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class NoPublicDatabase : Policy
{
    // SQL Server, Oracle, MySQL, PostgreSQL, Redshift, Redis, Cassandra, OpenSearch (two), memcached, MongoDB.
    private static readonly int[] DatabasePorts = [1433, 1521, 3306, 5432, 5439, 6379, 9042, 9200, 9300, 11211, 27017];

    public override string Id => "no-public-database";

    public override string Title => "no database, cache or search domain can be reached from the internet";

    public override string Why => "An open database port is found within hours, and then only a password protects the data.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2");

    public override string Fix =>
        "set publiclyAccessible to false, put databases into subnets without a route to an internet gateway, and let in security groups or the ranges of your networks";

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        [.. CheckAddresses(graph), .. CheckSubnets(graph), .. CheckIngress(graph)];

    private static IEnumerable<Finding> CheckAddresses(PolicyGraph graph)
    {
        foreach (var instance in graph.Of(
            "aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance", "aws:redshift/cluster:Cluster", "aws:neptune/clusterInstance:ClusterInstance",
            "aws:mq/broker:Broker"))
        {
            if (instance.Inputs.At("publiclyAccessible").IsTrue())
                yield return Violation(instance, "publiclyAccessible is true");
        }

        foreach (var domain in graph.Of("aws:opensearch/domain:Domain"))
        {
            if (domain.Inputs.At("vpcOptions", "subnetIds").Items().IsEmpty && !PolicyGraph.IsGiven(domain, "vpcOptions", "subnetIds"))
                yield return Violation(domain, "it has no vpcOptions.subnetIds, so its endpoint is public");
        }
    }

    private static IEnumerable<Finding> CheckSubnets(PolicyGraph graph)
    {
        var homes = graph.Of("aws:rds/subnetGroup:SubnetGroup").Select(group => (Resource: group, Subnets: group.Inputs.At("subnetIds").Texts()))
            .Concat(graph.Of(
                "aws:elasticache/subnetGroup:SubnetGroup", "aws:memorydb/subnetGroup:SubnetGroup", "aws:docdb/subnetGroup:SubnetGroup",
                "aws:neptune/subnetGroup:SubnetGroup", "aws:redshift/subnetGroup:SubnetGroup").Select(group => (Resource: group, Subnets: group.Inputs.At("subnetIds").Texts())))
            .Concat(graph.Of("aws:opensearch/domain:Domain").Select(domain => (Resource: domain, Subnets: domain.Inputs.At("vpcOptions", "subnetIds").Texts())))
            .Concat(graph.Of("aws:rds/proxy:Proxy").Select(proxy => (Resource: proxy, Subnets: proxy.Inputs.At("vpcSubnetIds").Texts())));
        return
            from home in homes
            from id in home.Subnets
            where graph.Subnets.GetValueOrDefault(id) is { Reach: SubnetReach.Internet }
            select Violation(home.Resource, $"subnet {graph.Subnets[id].Name} has a route to an internet gateway");
    }

    private static IEnumerable<Finding> CheckIngress(PolicyGraph graph)
    {
        var groups = GroupsOfDatabases(graph);
        var open = new OpenPorts(graph);
        foreach (var (rule, source, ports) in open.Of(PortsOf))
        {
            var target = DatabaseOf(rule) is { } database ? Policies.Violation.NameOf(database)
                : ports.Length == DatabasePorts.Length ? "all ports"
                : $"port {string.Join(", ", ports)}";
            yield return Violation(rule.Resource, $"opens {target} to the internet ({source})");
        }

        foreach (var rule in open.Unknown.Where(rule => !PortsOf(rule).IsEmpty))
            yield return NotInspected("rule", $"{Policies.Violation.NameOf(rule.Resource)}: {rule.Unknown}");

        // The security group of a database must not be open to the internet on any port.
        ImmutableArray<int> PortsOf(IngressRule rule) => DatabaseOf(rule) is not null ? [rule.FromPort] : [.. DatabasePorts.Where(rule.Includes)];

        ResourceNode? DatabaseOf(IngressRule rule) => rule.Group is { } group ? groups.GetValueOrDefault(group) : null;
    }

    private static ImmutableDictionary<string, ResourceNode> GroupsOfDatabases(PolicyGraph graph) => graph
        .Of(
            "aws:rds/cluster:Cluster", "aws:rds/instance:Instance", "aws:rds/proxy:Proxy", "aws:opensearch/domain:Domain", "aws:docdb/cluster:Cluster",
            "aws:neptune/cluster:Cluster", "aws:redshift/cluster:Cluster", "aws:elasticache/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup",
            "aws:elasticache/serverlessCache:ServerlessCache", "aws:memorydb/cluster:Cluster")
        .SelectMany(database => database.Inputs.At("vpcSecurityGroupIds").Texts()
            .Concat(database.Inputs.At("vpcOptions", "securityGroupIds").Texts())
            .Concat(database.Inputs.At("securityGroupIds").Texts())
            .Select(group => (Group: group, Database: database)))
        .DistinctBy(pair => pair.Group)
        .ToImmutableDictionary(pair => pair.Group, pair => pair.Database);
}
