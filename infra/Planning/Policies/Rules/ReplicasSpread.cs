using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class ReplicasSpread : Policy
{
    public override string Id => "replicas-spread";

    public override string Title => "replicas of a workload are spread over zones or nodes";

    public override string Why => "Without a spread the scheduler may put all replicas on one node, and they fail together.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/");

    public override string Fix =>
        "give pods topologySpreadConstraints or a podAntiAffinity over topology.kubernetes.io/zone or kubernetes.io/hostname, databases a second zone";

    private const int FewestDomains = 2;

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var one in graph.Workloads.Where(one => one.IsReplicated))
        {
            if (Problem(one.Workload, graph.Cluster) is { } problem)
                yield return Violation(one.Resource, one.Say($"{one.Workload.Replicas} replicas {problem}"));
        }

        foreach (var (kind, name) in graph.HiddenPods)
            yield return NotInspected(kind, name);

        foreach (var cluster in graph.Of("aws:rds/cluster:Cluster"))
        {
            var name = cluster.Inputs.At("clusterIdentifier").Text();
            var zones = graph.Of("aws:rds/clusterInstance:ClusterInstance")
                .Where(instance => name is not null && instance.Inputs.At("clusterIdentifier").Text() == name)
                .Select(instance => instance.Inputs.At("availabilityZone").Text())
                .ToList();
            // Without a zone RDS chooses one and spreads instances itself.
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

    /// <summary>
    /// Rules are judged as if there were at least two domains: the number of zones and nodes is checked by the proof, not here.
    /// </summary>
    private static string? Problem(Workload workload, ClusterModel cluster)
    {
        var zones = Separation.Of(workload, Labels.Zone, Math.Max(FewestDomains, cluster.Zones.Length));
        var nodes = Separation.Of(workload, Labels.Host, Math.Max(FewestDomains, cluster.InitialNodes().Count()), zones);
        if (nodes.AtWorst < workload.Replicas || zones.IsPreferred || nodes.IsPreferred)
            return null;
        return workload.Pods.Spread.IsEmpty && workload.Pods.Affinity.Apart.IsEmpty && workload.Pods.Affinity.PreferredApart.IsEmpty
            ? "without a spread over zones or nodes"
            : "whose rules allow all of them on one node: a maxSkew as large as their number, or a selector that does not match them";
    }
}
