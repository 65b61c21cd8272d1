using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running;

/// <summary>An update of a managed node group under way.</summary>
/// <param name="Surge">Nodes beyond the group's size while it lasts.</param>
/// <param name="Old">Nodes of the former version that are still untouched.</param>
internal sealed record GroupUpdateRun(NodeGroup Group, int Surge, ImmutableArray<string> Old)
{
    /// <summary>The new nodes that must join before the first old one goes.</summary>
    public ImmutableArray<string> Awaited { get; init; } = [];

    public bool IsUpgrading { get; init; }

    /// <summary>Being drained.</summary>
    public ImmutableArray<string> InHand { get; init; } = [];

    /// <summary>Emptied and waiting for their end, with its time.</summary>
    public ImmutableDictionary<string, TimeSpan> Emptied { get; init; } = ImmutableDictionary<string, TimeSpan>.Empty;

    /// <summary>Surplus nodes still to be taken away.</summary>
    public int? Surplus { get; init; }
}
