namespace HaCluster.Simulation.Running;

/// <summary>What comes due in a run.</summary>
internal enum DueKind
{
    /// <summary>A placed pod passes its readiness probe.</summary>
    PodStarts,

    /// <summary>A ready pod has been ready for as long as its workload asks.</summary>
    PodAvailable,

    VolumeAttaches,

    /// <summary>A pod's grace period is over.</summary>
    PodEnds,

    /// <summary>A pod no longer bears its unreachable node.</summary>
    TolerationEnds,

    NodeMarked,

    /// <summary>The next unreachable node of a zone may be emptied.</summary>
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
}
