using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Filtering;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>A condition on nodes shared by many pods, evaluated once per node: see <see cref="NodeSet"/>.</summary>
internal sealed class NodeCondition
{
    /// <summary>Number in the <see cref="Catalog"/>; -1 when only one pod has it, so that no result is cached.</summary>
    public required int Id { get; init; }

    public ImmutableSortedDictionary<string, string> Selector { get; init; } = Labels.None;

    public ImmutableArray<NodeAffinityTerm> Terms { get; init; } = [];

    /// <summary>Null when taints do not matter.</summary>
    public ImmutableArray<Toleration>? Tolerations { get; init; }

    /// <summary>Labels that the node must have, with any value.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    public bool Holds(NodeState node)
    {
        foreach (var key in Keys)
        {
            if (!node.Node.Labels.ContainsKey(key))
                return false;
        }

        return NodeAffinity.Matches(Selector, Terms, node.Node)
            && (Tolerations is not { } tolerations
                || (NodeUnschedulable.Allows(tolerations, node) && TaintToleration.Untolerated(tolerations, node.Taints) is null));
    }
}
