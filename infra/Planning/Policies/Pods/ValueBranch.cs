using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Pods;

/// <summary>One object of a <see cref="ValueTree"/>.</summary>
/// <param name="Around">The objects it stands in, the innermost first.</param>
internal sealed record ValueBranch(string Path, PropertyValue.Map Map, IReadOnlyList<ValueBranch> Around)
{
    // What charts and add-ons call the number of their replicas, and the least that an autoscaler keeps them at.
    private const string Least = "minReplicas";
    private static readonly string[] Counts = ["replicas", "replicaCount", Least];

    /// <summary>The number of replicas that this object itself states; null when it states none, or is switched off.</summary>
    public int? Replicas => Map.Entries.GetValueOrDefault("enabled").At() is PropertyValue.Bool { Value: false }
        ? null
        : Counts.Select(name => Map.Entries.GetValueOrDefault(name).Integer()).FirstOrDefault(count => count is not null);

    /// <summary>
    /// What is said of these replicas under one of the names: here, in the objects below or directly in those around, as far as they are not
    /// about other replicas. An autoscaler speaks of the replicas around it.
    /// </summary>
    public IEnumerable<PropertyValue> Said(ImmutableArray<string> names)
    {
        var own = Around.TakeWhile(outer => outer.Replicas is null).Count() + (Map.Entries.ContainsKey(Least) ? 1 : 0);
        return Below(Map, names).Concat(Around.Take(own).SelectMany(outer => Direct(outer.Map, names)));
    }

    private static IEnumerable<PropertyValue> Direct(PropertyValue.Map map, ImmutableArray<string> names) =>
        names.Select(name => map.Entries.GetValueOrDefault(name).At()).OfType<PropertyValue>();

    private static IEnumerable<PropertyValue> Below(PropertyValue.Map map, ImmutableArray<string> names) =>
        Direct(map, names).Concat(map.Entries.Values
            .Select(value => value.At()).OfType<PropertyValue.Map>()
            .Where(inner => !Counts.Any(inner.Entries.ContainsKey))
            .SelectMany(inner => Below(inner, names)));
}
