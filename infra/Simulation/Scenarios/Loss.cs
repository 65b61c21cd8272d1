using System.Collections.Immutable;

namespace HaCluster.Simulation.Scenarios;

/// <summary>The lost parts: whole zones with their volumes, and single nodes. Nodes of the zones are among <see cref="Nodes"/>.</summary>
public sealed record Loss(ImmutableArray<string> Zones, ImmutableArray<string> Nodes)
{
    public static readonly Loss Nothing = new([], []);
}
