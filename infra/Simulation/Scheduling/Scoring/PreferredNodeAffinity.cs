using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>
/// Preferred node affinity. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go; weight 2.
/// </summary>
internal sealed class PreferredNodeAffinity : INodeScore
{
    private const int Weight = 2;

    private readonly Scratch<long> _scores = new();

    public void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle)
    {
        if (cycle.Template.PreferredNodes.IsEmpty)
            return;
        var scores = _scores.Take(nodes.Length);
        scores.Clear();
        foreach (var (condition, weight) in cycle.Template.PreferredNodes)
        {
            NodeSet preferred = cycle.State.SetOf(condition);
            for (var at = 0; at < nodes.Length; at++)
                scores[at] += preferred[nodes[at]] ? weight : 0;
        }

        Normalisation.ByLargest(scores, isReversed: false);
        for (var at = 0; at < nodes.Length; at++)
            totals[at] += Weight * scores[at];
    }
}
