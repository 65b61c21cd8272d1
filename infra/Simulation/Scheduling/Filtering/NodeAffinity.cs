using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// Node selector and required node affinity. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go.
/// </summary>
internal sealed class NodeAffinity : INodeFilter
{
    private SchedulingCycle _cycle;

    /// <summary>All labels of the selector, and one of the terms if there are any.</summary>
    public static bool Matches(ImmutableSortedDictionary<string, string> selector, ImmutableArray<NodeAffinityTerm> terms, Node node)
    {
        foreach (var (key, value) in selector)
        {
            if (!node.Labels.TryGetValue(key, out var own) || own != value)
                return false;
        }

        if (terms.IsEmpty)
            return true;
        foreach (var term in terms)
        {
            if (term.Matches(node))
                return true;
        }

        return false;
    }

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        return !cycle.Spec.NodeSelector.IsEmpty || !cycle.Spec.Affinity.Nodes.IsEmpty;
    }

    public bool Passes(int node) => Matches(_cycle.Spec.NodeSelector, _cycle.Spec.Affinity.Nodes, _cycle.State.NodeAt(node).Node);

    public void Explain(int node, Refusals refusals) => refusals.Add(FilterReason.NodeAffinity, "node(s) didn't match Pod's node affinity/selector");

    public bool IsFinal(int node) => true;
}
