using System.Collections.Immutable;

namespace HaCluster.Simulation.Running;

/// <summary>How a workload fares. What has a past counts from the last disruption on.</summary>
public sealed record WorkloadStatus
{
    /// <summary>Replicas that answer: ready, on a node that is there.</summary>
    public required int Ready { get; init; }

    /// <summary>Those of <see cref="Ready"/> that requests are sent to: not in a zone that was shifted away.</summary>
    public required int Serving { get; init; }

    /// <summary>For a DaemonSet the nodes that are to run it.</summary>
    public required int Desired { get; init; }

    /// <summary>Smallest <see cref="Serving"/>.</summary>
    public required int LeastReady { get; init; }

    /// <summary>Virtual time at which it was reached first.</summary>
    public required TimeSpan LeastReadyAt { get; init; }

    /// <summary>Time during which requests went to replicas that did not answer: the endpoints still listed them.</summary>
    public required TimeSpan ServingGap { get; init; }

    /// <summary>Most such replicas at a time.</summary>
    public required int DeadEndpoints { get; init; }

    /// <summary>Time during which fewer than <see cref="Model.Workload.MinServing"/> served.</summary>
    public required TimeSpan BelowMinServing { get; init; }

    /// <summary>Virtual time since which all desired replicas serve; null while they do not. That of the disruption when they never stopped.</summary>
    public required TimeSpan? RestoredAt { get; init; }

    /// <summary>An update of it has begun and has not come to its end.</summary>
    public required bool IsUpdating { get; init; }

    /// <summary>Replicas that are not there, and why; of an update that a quota holds up, the workload itself.</summary>
    public required ImmutableArray<WaitingPod> Pending { get; init; }

    /// <summary>Of the replica that took longest to come back; null when none has.</summary>
    public required RecoveryPhases? Slowest { get; init; }
}
