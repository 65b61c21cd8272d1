using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// A tainted node takes only pods that tolerate the taint. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go; the wording
/// without the taint is
/// that of https://github.com/kubernetes/kubernetes/pull/134740.
/// </summary>
internal sealed class TaintToleration : INodeFilter
{
    private SchedulingCycle _cycle;

    /// <summary>The first that the pod does not tolerate; null when there is none.</summary>
    public static Taint? Untolerated(ImmutableArray<Toleration> tolerations, ImmutableArray<Taint> taints)
    {
        foreach (var taint in taints)
        {
            if (taint.Effect != TaintEffect.PreferNoSchedule && !Tolerates(tolerations, taint))
                return taint;
        }

        return null;
    }

    public static bool Tolerates(ImmutableArray<Toleration> tolerations, Taint taint)
    {
        foreach (var toleration in tolerations)
        {
            if (toleration.Tolerates(taint))
                return true;
        }

        return false;
    }

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        return true;
    }

    public bool Passes(int node) => UntoleratedOf(node) is null;

    public void Explain(int node, Refusals refusals) => refusals.Add(
        FilterReason.Taint,
        "node(s) had untolerated taint(s)",
        UntoleratedOf(node) is { } taint ? $"{{{taint.Key}: {taint.Value}}}" : null);

    public bool IsFinal(int node) => true;

    private Taint? UntoleratedOf(int node) => Untolerated(_cycle.Spec.Tolerations, _cycle.State.NodeAt(node).Taints);
}
