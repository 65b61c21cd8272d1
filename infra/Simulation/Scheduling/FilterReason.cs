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

public static class FilterReasons
{
    /// <summary>The node has too little left of something that other pods use.</summary>
    public static bool IsRoom(this FilterReason reason) => reason is FilterReason.HostPort or FilterReason.TooManyPods or FilterReason.Cpu
        or FilterReason.Memory or FilterReason.EphemeralStorage or FilterReason.ExtendedResource or FilterReason.VolumeLimit;

    /// <summary>The node is refused for the pods that run, here or elsewhere, by a rule of the pod's or of theirs.</summary>
    public static bool IsRuleOnPods(this FilterReason reason) => reason is FilterReason.SpreadLabelMissing or FilterReason.Spread
        or FilterReason.PodAffinity or FilterReason.PodAntiAffinity or FilterReason.ExistingAntiAffinity;
}
