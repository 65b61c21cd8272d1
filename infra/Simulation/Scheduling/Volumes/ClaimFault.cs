namespace HaCluster.Simulation.Scheduling;

/// <summary>Why no node at all can take a pod: something is wrong with a claim of it.</summary>
/// <param name="Claim">As <c>namespace/name</c>.</param>
/// <param name="Text">As kube-scheduler words it.</param>
/// <param name="Detail">What kube-scheduler does not say; null when its words are enough.</param>
public sealed record ClaimFault(ClaimFaultKind Kind, string Claim, string Text, string? Detail = null)
{
    internal const string Unbound = "pod has unbound immediate PersistentVolumeClaims";

    /// <summary>It shows only when the pod has a node and its volume is to be made there.</summary>
    public bool IsLate { get; init; }
}

/// <summary>What is wrong with a claim.</summary>
public enum ClaimFaultKind
{
    Missing,
    BeingDeleted,

    /// <summary>Its volume is gone, or belongs to another claim.</summary>
    Lost,

    /// <summary>It has the name of an ephemeral claim of the pod, and was not made for it.</summary>
    OfAnotherPod,

    /// <summary>It names a storage class that the cluster has not.</summary>
    UnknownClass,

    /// <summary>It names no class, and the cluster has no default.</summary>
    NoClass,

    /// <summary>It names a volume that does not exist, is another claim's, or does not do.</summary>
    WrongVolume,

    /// <summary>Its class makes no volumes, and none that exists does.</summary>
    NoVolume,

    /// <summary>The driver of its class makes no volumes of its access modes.</summary>
    AccessMode,

    /// <summary>Its class makes volumes at once, and this one is not there yet.</summary>
    NotYetBound,
}
