using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Filtering;

namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>
/// Nodes with fewer taints of <c>PreferNoSchedule</c> that the pod does not tolerate are better. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go; weight 3.
/// </summary>
internal sealed class SoftTaints : INodeScore
{
    private const int Weight = 3;

    private readonly Scratch<long> _scores = new();

    public void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle)
    {
        if (!cycle.State.HasSoftTaints)
            return;
        var scores = _scores.Take(nodes.Length);
        for (var at = 0; at < nodes.Length; at++)
            scores[at] = Untolerated(cycle.Spec, cycle.State.NodeAt(nodes[at]));
        Normalisation.ByLargest(scores, isReversed: true);
        for (var at = 0; at < nodes.Length; at++)
            totals[at] += Weight * scores[at];
    }

    private static int Untolerated(PodSpec spec, NodeState node)
    {
        var count = 0;
        foreach (var taint in node.Taints)
            count += taint.Effect == TaintEffect.PreferNoSchedule && !TaintToleration.Tolerates(spec.Tolerations, taint) ? 1 : 0;
        return count;
    }
}
