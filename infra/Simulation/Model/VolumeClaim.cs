namespace HaCluster.Simulation.Model;

/// <summary>A volume claimed by a pod.</summary>
/// <param name="Name">Of the claim; for <see cref="ClaimOwner.StatefulSet"/> of its template, for <see cref="ClaimOwner.Pod"/> of the pod's volume,
/// for <see cref="ClaimOwner.None"/> of the EBS volume.</param>
/// <param name="Bytes">Size.</param>
/// <param name="StorageClass">Name of its class, which for a claim that names none is the cluster's default; null when it has no class.</param>
public sealed record VolumeClaim(string Name, long Bytes, string? StorageClass)
{
    public ClaimOwner Owner { get; init; } = ClaimOwner.StatefulSet;

    public VolumeAccess Access { get; init; } = VolumeAccess.ReadWriteOnce;

    /// <summary><c>volumeMode: Block</c>: a device without a file system.</summary>
    public bool IsBlock { get; init; }

    /// <summary>Labels that an existing volume must have; null for any.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary>The class of that name; null when the cluster has none.</summary>
    public StorageClass? Class { get; init; } = Model.StorageClass.Ebs;

    /// <summary>The name of the claim object of a pod.</summary>
    public string ObjectName(string pod) => Owner switch
    {
        ClaimOwner.StatefulSet => $"{Name}-{pod}",
        ClaimOwner.Pod => $"{pod}-{Name}",
        _ => Name,
    };
}

/// <summary>The owner of the claim.</summary>
public enum ClaimOwner
{
    /// <summary>The StatefulSet creates one for each pod and keeps it: <c>volumeClaimTemplates</c>.</summary>
    StatefulSet,

    /// <summary>The pod: a generic ephemeral volume, deleted with the pod.</summary>
    Pod,

    /// <summary>A separate claim object: <c>persistentVolumeClaim</c>. Pods may share it.</summary>
    Other,

    /// <summary>No claim: the pod names an EBS volume (<c>awsElasticBlockStore</c>).</summary>
    None,
}

/// <summary>Access modes (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes).</summary>
[Flags]
public enum VolumeAccess
{
    None = 0,
    ReadWriteOnce = 1,
    ReadOnlyMany = 2,
    ReadWriteMany = 4,
    ReadWriteOncePod = 8,

    /// <summary>Those that several nodes may use at once.</summary>
    Many = ReadOnlyMany | ReadWriteMany,

    All = ReadWriteOnce | ReadWriteOncePod | Many,
}

/// <summary>Claimed volumes: a separate claim object, or one for each replica of a workload.</summary>
/// <param name="Namespace">Of the claims.</param>
/// <param name="Owner">Name of the workload or of the claim; for a chart that is not modelled, the section of its values.</param>
/// <param name="Claim">One of them.</param>
/// <param name="Count">How many of them.</param>
/// <param name="Source">Their origin.</param>
/// <param name="IsSized">Whether the declaration says how large they are.</param>
public sealed record DeclaredClaim(string Namespace, string Owner, VolumeClaim Claim, int Count, Origin Source, bool IsSized = true);
