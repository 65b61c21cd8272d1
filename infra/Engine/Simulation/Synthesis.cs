using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Simulation;

/// <summary>What a provider would have answered: the id, null while unknown, and the state.</summary>
internal sealed record Synthesis(string? Id, ImmutableSortedDictionary<string, PropertyValue> Outputs)
{
    public static readonly Synthesis Nothing = new(null, PropertyMap.Empty);
}
