namespace HaCluster.Simulation.Scheduling;

/// <summary>Why a node cannot take a pod: the refusing filter of kube-scheduler, in order of evaluation.</summary>
public enum FilterReason
{
    /// <summary>The pod names its nodes, and this is not one of them.</summary>
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

    /// <summary>A running pod has anti-affinity to the new one.</summary>
    ExistingAntiAffinity,
}

public static class FilterReasons
{
    /// <summary>Whether the node lacks a resource that other pods use.</summary>
    public static bool IsRoom(this FilterReason reason) => reason is FilterReason.HostPort or FilterReason.TooManyPods or FilterReason.Cpu
        or FilterReason.Memory or FilterReason.EphemeralStorage or FilterReason.ExtendedResource or FilterReason.VolumeLimit;

    /// <summary>Whether the node is refused because of running pods, by a rule of the pod or of those pods.</summary>
    public static bool IsRuleOnPods(this FilterReason reason) => reason is FilterReason.SpreadLabelMissing or FilterReason.Spread
        or FilterReason.PodAffinity or FilterReason.PodAntiAffinity or FilterReason.ExistingAntiAffinity;
}
