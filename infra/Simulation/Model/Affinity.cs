using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Required and preferred placement of a pod. One of the node terms must match; all other terms must match.</summary>
public sealed record Affinity
{
    public static readonly Affinity None = new();

    /// <summary>One of them must match; empty means no requirement.</summary>
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
