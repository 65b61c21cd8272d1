using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>
/// Conditions on a node that must all hold. A term without conditions matches no node.
/// </summary>
/// <param name="Labels">Over labels: <c>matchExpressions</c>.</param>
/// <param name="Names">Over <c>metadata.name</c>: <c>matchFields</c>.</param>
public sealed record NodeAffinityTerm(ImmutableArray<LabelRequirement> Labels, ImmutableArray<LabelRequirement> Names)
{
    public bool Matches(Node node)
    {
        if (Labels.IsEmpty && Names.IsEmpty)
            return false;
        foreach (var requirement in Labels)
        {
            if (!requirement.Matches(node.Labels))
                return false;
        }

        foreach (var requirement in Names)
        {
            if (requirement.Values.Contains(node.Name) != (requirement.Operator == LabelOperator.In))
                return false;
        }

        return true;
    }
}

/// <summary>A preference for nodes, weight 1 to 100.</summary>
public sealed record PreferredNodes(int Weight, NodeAffinityTerm Term);
