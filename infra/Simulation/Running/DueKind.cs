namespace HaCluster.Simulation.Running;

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
