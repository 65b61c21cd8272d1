namespace HaCluster.Twin.Storage;

/// <summary>What happens to the objects that an object owns: https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion</summary>
public enum DeletionPropagation
{
    /// <summary>The owner goes at once, then what it owns.</summary>
    Background,

    /// <summary>What it owns goes first.</summary>
    Foreground,

    /// <summary>What it owns stays, without an owner.</summary>
    Orphan,
}

/// <summary>How to delete.</summary>
public sealed record DeleteRequest
{
    /// <summary>For pods: seconds to stop in; null for what the pod says; 0 removes it at once, as its kubelet does when the containers stopped.</summary>
    public long? GracePeriodSeconds { get; init; }

    public DeletionPropagation Propagation { get; init; }

    /// <summary>Delete only the object with this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only the object at this version.</summary>
    public string? ResourceVersion { get; init; }

    public bool DryRun { get; init; }
}

/// <summary>A deleted object.</summary>
/// <param name="Object">Its state after the call.</param>
/// <param name="IsGone">Whether it is removed already, or waits for its finalizers or its kubelet.</param>
public sealed record DeleteResult(StoredObject Object, bool IsGone);
