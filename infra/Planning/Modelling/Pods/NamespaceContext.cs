using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>What a namespace does to the pods made in it.</summary>
/// <param name="Defaults">From its limit ranges.</param>
/// <param name="Priorities">Of the cluster.</param>
/// <param name="Claims">Its volume claims by name.</param>
/// <param name="Volumes">Of the cluster, by name.</param>
/// <param name="Namespaces">Labels of all namespaces, by name.</param>
internal sealed record NamespaceContext(
    ContainerDefaults Defaults,
    PriorityTable Priorities,
    IReadOnlyDictionary<string, PropertyValue> Claims,
    IReadOnlyDictionary<string, PropertyValue> Volumes,
    IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> Namespaces)
{
    private static readonly Dictionary<string, PropertyValue> Nothing = new(StringComparer.Ordinal);

    /// <summary>Of the cluster.</summary>
    public RuntimeTable Runtimes { get; init; } = new([]);

    public static readonly NamespaceContext Empty = new(
        ContainerDefaults.None, new PriorityTable([]), Nothing, Nothing, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty);
}
