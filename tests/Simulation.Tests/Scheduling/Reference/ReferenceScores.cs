using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling.Reference;

/// <summary>kube-scheduler's default scores, worked out afresh for every node from the pods that run.</summary>
internal sealed class ReferenceScores(ClusterState state, Pod pod, IReadOnlyList<NodeState> feasible)
{
    private const long Mebibyte = 1 << 20;

    public long Of(NodeState node) => Least(node) + Balanced(node)
        + (3 * (100 - Scaled(SoftTaints, node))) + (2 * Scaled(PreferredNodes, node)) + (2 * Spread(node)) + (2 * Pods(node));

    private static long NonZeroCpu(Pod pod) => pod.Spec.Requests.MilliCpu is > 0 and var cpu ? cpu : 100;

    private static long NonZeroMemory(Pod pod) => pod.Spec.Requests.MemoryBytes is > 0 and var memory ? memory : 200 * Mebibyte;

    private long Least(NodeState node)
    {
        long Left(long capacity, long requested) => requested > capacity ? 0 : (capacity - requested) * 100 / capacity;
        var (cpu, memory) = (node.Pods.Sum(NonZeroCpu) + NonZeroCpu(pod), node.Pods.Sum(NonZeroMemory) + NonZeroMemory(pod));
        return (Left(node.Node.Allocatable.MilliCpu, cpu) + Left(node.Node.Allocatable.MemoryBytes, memory)) / 2;
    }

    private long Balanced(NodeState node)
    {
        var (requests, all) = (pod.Spec.Requests, node.Node.Allocatable);
        if (requests.MilliCpu == 0 && requests.MemoryBytes == 0)
            return 0;
        var used = node.Pods.Aggregate(requests, (sum, other) => sum + other.Spec.Requests);
        var (cpu, memory) = (Math.Min(1, (double)used.MilliCpu / all.MilliCpu), Math.Min(1, (double)used.MemoryBytes / all.MemoryBytes));
        return (long)((1 - Math.Abs((cpu - memory) / 2)) * 100);
    }

    private long SoftTaints(NodeState node) => node.Taints.Count(taint =>
        taint.Effect == TaintEffect.PreferNoSchedule && !pod.Spec.Tolerations.Any(toleration => toleration.Tolerates(taint)));

    private long PreferredNodes(NodeState node) =>
        pod.Spec.Affinity.PreferredNodes.Where(preferred => preferred.Term.Matches(node.Node)).Sum(preferred => (long)preferred.Weight);

    private long Scaled(Func<NodeState, long> score, NodeState node) => feasible.Max(score) is > 0 and var largest ? 100 * score(node) / largest : 0;

    private long Spread(NodeState node)
    {
        var own = pod.Spec.Spread;
        var constraints = own.IsEmpty ? Default() : [.. own.Where(spread => !spread.IsRequired)];
        bool IsScored(NodeState other) => own.IsEmpty || constraints.All(spread => other.Node.Labels.ContainsKey(spread.TopologyKey));
        var scored = feasible.Where(IsScored).ToArray();
        if (constraints.Length == 0 || !IsScored(node))
            return 0;
        var raw = scored.Select(other => RawSpread(other, constraints, scored)).ToArray();
        return raw.Max() == 0 ? 100 : 100 * (raw.Max() + raw.Min() - RawSpread(node, constraints, scored)) / raw.Max();
    }

    private long RawSpread(NodeState node, TopologySpread[] constraints, NodeState[] scored)
    {
        var sum = 0.0;
        foreach (var spread in constraints.Where(spread => node.Node.Labels.ContainsKey(spread.TopologyKey)))
        {
            var domains = scored.Select(other => other.Node.Labels.GetValueOrDefault(spread.TopologyKey)).Distinct().Count();
            var pods = state.Nodes.Where(other => ReferenceScheduler.AreTogether(node, other, spread.TopologyKey) && IsCounted(spread, other))
                .Sum(other => other.Pods.Count(existing => IsAlike(spread, existing)));
            sum += (pods * Math.Log(domains + 2)) + (spread.MaxSkew - 1);
        }

        return (long)Math.Round(sum, MidpointRounding.AwayFromZero);
    }

    private bool IsCounted(TopologySpread spread, NodeState node) =>
        pod.Spec.Spread.IsEmpty ? ReferenceScheduler.Suits(pod.Spec, node) : ReferenceScheduler.Counts(pod, spread, node);

    private bool IsAlike(TopologySpread spread, Pod existing) =>
        !pod.Spec.Spread.IsEmpty ? ReferenceScheduler.Selects(pod, spread, existing)
        : pod.Workload.Kind == WorkloadKind.Deployment ? existing.Workload == pod.Workload
        : existing.Namespace == pod.Namespace && pod.Spec.Labels.All(label => existing.Spec.Labels.GetValueOrDefault(label.Key) == label.Value);

    private TopologySpread[] Default() => pod.Workload.Kind is not (WorkloadKind.Deployment or WorkloadKind.StatefulSet) ? [] :
    [
        new TopologySpread { TopologyKey = Labels.Host, MaxSkew = 3, IsRequired = false },
        new TopologySpread { TopologyKey = Labels.Zone, MaxSkew = 5, IsRequired = false },
    ];

    private long Pods(NodeState node)
    {
        var (min, max) = (feasible.Min(RawPods), feasible.Max(RawPods));
        return max == min ? 0 : (long)(100 * ((double)(RawPods(node) - min) / (max - min)));
    }

    private long RawPods(NodeState node) => state.Nodes.Sum(other => other.Pods.Sum(existing => Wish(pod, existing, node, other) + Wish(existing, pod, node, other)
        + existing.Spec.Affinity.Near.Count(term => IsMeant(existing, pod, term, node, other))));

    private static long Wish(Pod asking, Pod asked, NodeState left, NodeState right) =>
        asking.Spec.Affinity.PreferredNear.Where(preferred => IsMeant(asking, asked, preferred.Term, left, right)).Sum(preferred => (long)preferred.Weight)
        - asking.Spec.Affinity.PreferredApart.Where(preferred => IsMeant(asking, asked, preferred.Term, left, right)).Sum(preferred => (long)preferred.Weight);

    private static bool IsMeant(Pod asking, Pod asked, PodAffinityTerm term, NodeState left, NodeState right) =>
        ReferenceScheduler.AreTogether(left, right, term.TopologyKey) && term.Selects(asking.Namespace, asked.Namespace, asked.Spec.Labels);
}
