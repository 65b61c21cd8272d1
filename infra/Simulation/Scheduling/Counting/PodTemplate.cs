using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>All that scheduling needs to know of pods of one specification, worked out once.</summary>
internal sealed class PodTemplate
{
    public required Catalog Catalog { get; init; }

    public required PodSpec Spec { get; init; }

    public required PodGroup Group { get; init; }

    /// <summary>Affinity for nodes, selector, tolerations.</summary>
    public required NodeCondition Admission { get; init; }

    /// <summary>
    /// Every term asks for nodes by name: only these are looked at, as <c>PreFilter</c> of the NodeAffinity plugin has it. Null for all.
    /// </summary>
    public ImmutableArray<string>? NodeNames { get; init; }

    /// <summary>For scoring: what asks for nothing counts as 100m and 200Mi: <see cref="PodSpec.AssumedRequests"/>.</summary>
    public required Resources NonZeroRequests { get; init; }

    public required ImmutableArray<SpreadRule> RequiredSpread { get; init; }

    public required ImmutableArray<SpreadRule> PreferredSpread { get; init; }

    /// <summary>By hosts and zones, for pods that ask for no spread.</summary>
    public required ImmutableArray<SpreadRule> DefaultSpread { get; init; }

    /// <summary>Each counts the pods that match all of the required terms.</summary>
    public required ImmutableArray<Counter> Near { get; init; }

    /// <summary>The pod matches its own terms: the first of a group that wants to be together may go anywhere.</summary>
    public required bool IsNearItself { get; init; }

    public required ImmutableArray<Counter> Apart { get; init; }

    /// <summary>With weights, below zero for those to keep away from.</summary>
    public required ImmutableArray<CountedAmount> PreferredPods { get; init; }

    public required ImmutableArray<(NodeCondition Condition, int Weight)> PreferredNodes { get; init; }

    /// <summary>
    /// Its volumes, if any, are new ones of EBS, one for each claim of the pod's own, made where the pod goes: a zone and a number say it all. Nearly all are.
    /// </summary>
    public required bool HasOrdinaryVolumes { get; init; }

    /// <summary>What other pods must know of its own terms.</summary>
    public required ImmutableArray<CountedAmount> Carried { get; init; }
}

/// <summary>One constraint of topology spread.</summary>
/// <param name="SelfMatch">1 when the pod counts itself, otherwise 0.</param>
internal sealed record SpreadRule(Counter Counter, DomainScope Scope, int MaxSkew, int MinDomains, int SelfMatch)
{
    public TopologyKey Key => Counter.Key;
}
