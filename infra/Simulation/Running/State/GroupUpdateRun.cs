using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running.State;

/// <summary>An update of a managed node group in progress.</summary>
/// <param name="Surge">Nodes beyond the group's size while it lasts.</param>
/// <param name="Old">Nodes of the old version that are not yet drained.</param>
internal sealed record GroupUpdateRun(NodeGroup Group, int Surge, ImmutableArray<string> Old)
{
    /// <summary>The new nodes that must join before the first old one goes.</summary>
    public ImmutableArray<string> Awaited { get; init; } = [];

    public bool IsUpgrading { get; init; }

    /// <summary>Being drained.</summary>
    public ImmutableArray<string> InHand { get; init; } = [];

    /// <summary>Drained nodes, with the time of their termination.</summary>
    public ImmutableDictionary<string, TimeSpan> Emptied { get; init; } = ImmutableDictionary<string, TimeSpan>.Empty;

    /// <summary>Surplus nodes still to be removed.</summary>
    public int? Surplus { get; init; }
}
