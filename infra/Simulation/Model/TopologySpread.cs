using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>One <c>topologySpreadConstraint</c> (https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/).</summary>
public sealed record TopologySpread
{
    public required string TopologyKey { get; init; }

    public required int MaxSkew { get; init; }

    /// <summary><c>DoNotSchedule</c>; otherwise <c>ScheduleAnyway</c>.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Null selects nothing, as in Kubernetes.</summary>
    public LabelSelector? Selector { get; init; }

    public int MinDomains { get; init; } = 1;

    /// <summary><c>nodeAffinityPolicy: Honor</c>, the default: nodes on which the pod cannot run do not count.</summary>
    public bool HonorsAffinity { get; init; } = true;

    /// <summary><c>nodeTaintsPolicy: Honor</c>; the default is to count tainted nodes.</summary>
    public bool HonorsTaints { get; init; }

    /// <summary>Labels of the pod whose values are added to the selector.</summary>
    public ImmutableArray<string> MatchLabelKeys { get; init; } = [];
}
