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

    public override string Title => "no database can be reached from the internet";

    public override string Why => "An open database port is found within hours, and then only a password stands before the data.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2");

    public override string Fix =>
        "set publiclyAccessible to false, put databases into subnets without a route to an internet gateway, and let in security groups, not 0.0.0.0/0";

    internal override IEnumerable<Finding> Check(PolicyGraph graph) =>
        [.. CheckAddresses(graph), .. CheckSubnets(graph), .. CheckIngress(graph)];

    private static IEnumerable<Finding> CheckAddresses(PolicyGraph graph)
    {
        foreach (var instance in graph.Of("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"))
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
        foreach (var rule in IngressRule.Of(graph).Where(rule => rule.IsForEveryone))
        {
            if (rule.Group is { } group && groups.TryGetValue(group, out var database))
                yield return Violation(rule.Resource, $"lets the whole internet in to {Policies.Violation.NameOf(database)}");
            else if (DatabasePorts.Where(rule.Includes).ToList() is { Count: > 0 } ports)
                yield return Violation(rule.Resource, $"lets the whole internet in to {Named(ports)}");
        }
    }

    private static string Named(List<int> ports) => ports.Count == DatabasePorts.Length ? "all ports" : $"port {string.Join(", ", ports)}";

    private static ImmutableDictionary<string, ResourceNode> GroupsOfDatabases(PolicyGraph graph) => graph
        .Of("aws:rds/cluster:Cluster", "aws:rds/instance:Instance", "aws:rds/proxy:Proxy", "aws:opensearch/domain:Domain")
        .SelectMany(database => database.Inputs.At("vpcSecurityGroupIds").Texts().Concat(database.Inputs.At("vpcOptions", "securityGroupIds").Texts())
            .Select(group => (Group: group, Database: database)))
        .DistinctBy(pair => pair.Group)
        .ToImmutableDictionary(pair => pair.Group, pair => pair.Database);
}
