using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Clock;

/// <summary>A scheduled event: data only, so that a run can be copied at any time.</summary>
/// <param name="Pod">The affected pod, or null.</param>
/// <param name="Name">The affected node, zone or group.</param>
internal readonly record struct Due(DueKind Kind, Pod? Pod = null, string Name = "");

/// <summary>Kinds of scheduled events.</summary>
internal enum DueKind
{
    /// <summary>A scheduled pod passes its readiness probe.</summary>
    PodStarts,

    /// <summary>A ready pod has been ready for minReadySeconds.</summary>
    PodAvailable,

    VolumeAttaches,

    /// <summary>A pod's grace period is over.</summary>
    PodEnds,

    /// <summary>A pod's toleration of its unreachable node has ended.</summary>
    TolerationEnds,

    NodeMarked,

    /// <summary>The pods of the zone's next unreachable node may be evicted.</summary>
    ZoneTaints,

    InstanceGone,
    OrphansCollected,
    OutOfServiceCollected,
    InstanceRepaired,
    InstanceReplaced,
    NodeJoins,
    AutoscalerScans,
    SchedulerRetries,
    DrainRetries,
    DrainTimesOut,
    GroupUpdateContinues,

    /// <summary>An Auto Scaling group has noticed that an instance is stopped.</summary>
    InstanceUnhealthy,

    /// <summary>The node of an instance that was started again answers.</summary>
    NodeReturns,

    /// <summary>The failover of a database is over.</summary>
    WriterMoves,
}
