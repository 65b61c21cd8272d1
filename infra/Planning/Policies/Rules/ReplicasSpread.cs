using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class ReplicasSpread : Policy
{
    public override string Id => "replicas-spread";

    public override string Title => "whatever runs more than once keeps its replicas apart, over zones or nodes";

    public override string Why => "Without a spread the scheduler may put all replicas on one node, and they fail together.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/");

    public override string Fix =>
        "give pods topologySpreadConstraints or a podAntiAffinity over topology.kubernetes.io/zone or kubernetes.io/hostname, databases a second zone";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var workload in graph.Replicas.Where(workload => !workload.IsSpread))
            yield return Violation(workload.Resource, $"{workload.Count} without a spread over zones or nodes");

        // What values leave out, the chart decides: how many there are, and where.
        foreach (var tree in graph.Trees.Where(tree => tree.Kind is not null && tree.Branches.All(branch => branch.Replicas is null)))
            yield return NotInspected(tree.Kind!, tree.Resource.Name);

        foreach (var cluster in graph.Of("aws:rds/cluster:Cluster"))
        {
            var name = cluster.Inputs.At("clusterIdentifier").Text();
            var zones = graph.Of("aws:rds/clusterInstance:ClusterInstance")
                .Where(instance => name is not null && instance.Inputs.At("clusterIdentifier").Text() == name)
                .Select(instance => instance.Inputs.At("availabilityZone").Text())
                .ToList();
            // Where no zone is named, RDS chooses, and spreads by itself.
            if (zones.Count > 1 && zones.All(zone => zone is not null) && zones.Distinct().Count() == 1)
                yield return Violation(cluster, $"{zones.Count} instances in one zone");
        }

        foreach (var domain in graph.Of("aws:opensearch/domain:Domain"))
        {
            var nodes = domain.Inputs.At("clusterConfig", "instanceCount").Integer() ?? 1;
            if (nodes > 1 && !domain.Inputs.At("clusterConfig", "zoneAwarenessEnabled").IsTrue())
                yield return Violation(domain, $"{nodes} data nodes, and clusterConfig.zoneAwarenessEnabled is not true");
        }
    }
}
