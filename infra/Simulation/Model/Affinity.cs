using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Where a pod must and wants to be. Terms for nodes hold one or another, all others together.</summary>
public sealed record Affinity
{
    public static readonly Affinity None = new();

    /// <summary>Any one of them must match; none asked when empty.</summary>
    public ImmutableArray<NodeAffinityTerm> Nodes { get; init; } = [];

    public ImmutableArray<PreferredNodes> PreferredNodes { get; init; } = [];

    public ImmutableArray<PodAffinityTerm> Near { get; init; } = [];

    public ImmutableArray<PreferredPods> PreferredNear { get; init; } = [];

    public ImmutableArray<PodAffinityTerm> Apart { get; init; } = [];

    public ImmutableArray<PreferredPods> PreferredApart { get; init; } = [];

    /// <summary>A term names other namespaces than the pod's own, or selects them.</summary>
    public bool LooksIntoOtherNamespaces => Near.Concat(Apart).Concat(PreferredNear.Concat(PreferredApart).Select(preferred => preferred.Term))
        .Any(term => term.AllNamespaces || !term.Namespaces.IsEmpty);
}
