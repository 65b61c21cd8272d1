namespace HaCluster.Simulation.Scheduling;

/// <summary>Why no node can take a pod: a problem of one of its claims.</summary>
/// <param name="Claim">As <c>namespace/name</c>.</param>
/// <param name="Text">As kube-scheduler words it.</param>
/// <param name="Detail">A detail that kube-scheduler omits; null for none.</param>
public sealed record ClaimFault(ClaimFaultKind Kind, string Claim, string Text, string? Detail = null)
{
    internal const string Unbound = "pod has unbound immediate PersistentVolumeClaims";

    /// <summary>Whether it occurs only after the pod has a node, when its volume is created there.</summary>
    public bool IsLate { get; init; }
}

/// <summary>Kinds of claim problems.</summary>
public enum ClaimFaultKind
{
    Missing,
    BeingDeleted,

    /// <summary>Its volume is gone, or belongs to another claim.</summary>
    Lost,

    /// <summary>It has the name of an ephemeral claim of the pod, but was not created for it.</summary>
    OfAnotherPod,

    /// <summary>It names a storage class that does not exist.</summary>
    UnknownClass,

    /// <summary>It names no class, and the cluster has no default.</summary>
    NoClass,

    /// <summary>It names a volume that does not exist, belongs to another claim, or does not match.</summary>
    WrongVolume,

    /// <summary>Its class does not provision volumes, and no existing one matches.</summary>
    NoVolume,

    /// <summary>The driver of its class does not provision volumes with its access modes.</summary>
    AccessMode,

    /// <summary>Its class binds immediately, and its volume does not exist yet.</summary>
    NotYetBound,
}
