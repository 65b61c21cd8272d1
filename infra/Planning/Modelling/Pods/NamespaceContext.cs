using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>The parts of a namespace that affect its pods.</summary>
/// <param name="Defaults">From its limit ranges.</param>
/// <param name="Priorities">Of the cluster.</param>
/// <param name="Claims">Its volume claims by name.</param>
/// <param name="Storage">Of the cluster.</param>
/// <param name="Namespaces">Labels of all namespaces, by name.</param>
internal sealed record NamespaceContext(
    ContainerDefaults Defaults,
    PriorityTable Priorities,
    IReadOnlyDictionary<string, PersistentVolumeClaim> Claims,
    ClusterStorage Storage,
    IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> Namespaces)
{
    /// <summary>Selectors of its Services.</summary>
    public ImmutableArray<ImmutableSortedDictionary<string, string>> Services { get; init; } = [];

    /// <summary>Of the cluster.</summary>
    public RuntimeTable Runtimes { get; init; } = new([]);

    public static readonly NamespaceContext Empty = new(
        ContainerDefaults.None, new PriorityTable([]), ImmutableSortedDictionary<string, PersistentVolumeClaim>.Empty, ClusterStorage.Empty,
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty);
}
