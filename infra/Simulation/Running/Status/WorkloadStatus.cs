using System.Collections.Immutable;

namespace HaCluster.Simulation.Running.Status;

/// <summary>The status of a workload. Statistics start at the last disruption.</summary>
public sealed record WorkloadStatus
{
    /// <summary>Serving replicas: ready, on a node that is up.</summary>
    public required int Ready { get; init; }

    /// <summary>Those of <see cref="Ready"/> that receive requests: not in a zone that was shifted away.</summary>
    public required int Serving { get; init; }

    /// <summary>For a DaemonSet the nodes that are to run it.</summary>
    public required int Desired { get; init; }

    /// <summary>Smallest <see cref="Serving"/>.</summary>
    public required int LeastReady { get; init; }

    /// <summary>Virtual time at which it was first reached.</summary>
    public required TimeSpan LeastReadyAt { get; init; }

    /// <summary>Time during which endpoints listed replicas that did not serve.</summary>
    public required TimeSpan ServingGap { get; init; }

    /// <summary>The maximum number of such replicas.</summary>
    public required int DeadEndpoints { get; init; }

    /// <summary>Time during which fewer than <see cref="Model.Workload.MinServing"/> served.</summary>
    public required TimeSpan BelowMinServing { get; init; }

    /// <summary>Virtual time since which all desired replicas serve; null while they do not. The time of the disruption when they never stopped.</summary>
    public required TimeSpan? RestoredAt { get; init; }

    /// <summary>Whether an update is in progress.</summary>
    public required bool IsUpdating { get; init; }

    /// <summary>Missing replicas with reasons; for an update blocked by a quota, the workload itself.</summary>
    public required ImmutableArray<WaitingPod> Pending { get; init; }

    /// <summary>The slowest recovery; null when none was needed.</summary>
    public required RecoveryPhases? Slowest { get; init; }
}
