namespace HaCluster.Simulation.Scheduling;

/// <summary>Why a node cannot take a pod: the filter of kube-scheduler that says no, in the order in which they are asked.</summary>
public enum FilterReason
{
    /// <summary>Only nodes that the pod names are looked at, and this is none of them.</summary>
    NotNamed,
    Unschedulable,
    NodeName,
    Taint,
    NodeAffinity,
    HostPort,
    TooManyPods,
    Cpu,
    Memory,
    EphemeralStorage,
    ExtendedResource,
    VolumeInUse,
    VolumeLimit,
    VolumeZone,
    VolumeUnavailable,
    VolumeZoneLabel,
    SpreadLabelMissing,
    Spread,
    PodAffinity,
    PodAntiAffinity,

    /// <summary>A running pod does not want the new one near it.</summary>
    ExistingAntiAffinity,
}
