using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// A cordoned node takes only pods that tolerate it. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go.
/// </summary>
internal sealed class NodeUnschedulable : INodeFilter
{
    private SchedulingCycle _cycle;

    public static bool Allows(ImmutableArray<Toleration> tolerations, NodeState node) =>
        !node.IsUnschedulable || TaintToleration.Tolerates(tolerations, Taint.Unschedulable);

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        return true;
    }

    public bool Passes(int node) => Allows(_cycle.Spec.Tolerations, _cycle.State.NodeAt(node));

    public void Explain(int node, Refusals refusals) => refusals.Add(FilterReason.Unschedulable, "node(s) were unschedulable");

    public bool IsFinal(int node) => true;
}
