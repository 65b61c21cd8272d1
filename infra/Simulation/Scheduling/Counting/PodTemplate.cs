using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>Precomputed scheduling data for pods with the same specification.</summary>
internal sealed class PodTemplate
{
    public required Catalog Catalog { get; init; }

    public required PodSpec Spec { get; init; }

    public required PodGroup Group { get; init; }

    /// <summary>Affinity for nodes, selector, tolerations.</summary>
    public required NodeCondition Admission { get; init; }

    /// <summary>
    /// The nodes that all terms name: only these are considered, as <c>PreFilter</c> of the NodeAffinity plugin has it. Null for all.
    /// </summary>
    public ImmutableArray<string>? NodeNames { get; init; }

    /// <summary>For scoring: containers without requests count as 100m and 200Mi: <see cref="PodSpec.AssumedRequests"/>.</summary>
    public required Resources NonZeroRequests { get; init; }

    public required ImmutableArray<SpreadRule> RequiredSpread { get; init; }

    public required ImmutableArray<SpreadRule> PreferredSpread { get; init; }

    /// <summary>By hosts and zones, for pods that ask for no spread.</summary>
    public required ImmutableArray<SpreadRule> DefaultSpread { get; init; }

    /// <summary>Each counts the pods that match all of the required terms.</summary>
    public required ImmutableArray<Counter> Near { get; init; }

    /// <summary>Whether the pod matches its own terms: the first pod of such a group can be placed anywhere.</summary>
    public required bool IsNearItself { get; init; }

    public required ImmutableArray<Counter> Apart { get; init; }

    /// <summary>With weights, below zero for anti-affinity.</summary>
    public required ImmutableArray<CountedAmount> PreferredPods { get; init; }

    public required ImmutableArray<(NodeCondition Condition, int Weight)> PreferredNodes { get; init; }

    /// <summary>
    /// Whether its volumes, if any, are new EBS volumes of its own claims, created in the pod's zone: a zone and a count are sufficient. This is the
    /// usual case.
    /// </summary>
    public required bool HasOrdinaryVolumes { get; init; }

    /// <summary>The parts of its terms that affect other pods.</summary>
    public required ImmutableArray<CountedAmount> Carried { get; init; }
}

/// <summary>One constraint of topology spread.</summary>
/// <param name="SelfMatch">1 when the pod counts itself, otherwise 0.</param>
internal sealed record SpreadRule(Counter Counter, DomainScope Scope, int MaxSkew, int MinDomains, int SelfMatch)
{
    public TopologyKey Key => Counter.Key;
}
