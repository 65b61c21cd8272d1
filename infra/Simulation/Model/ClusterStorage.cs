using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>The storage of a cluster: what volumes can be made of, and those that exist.</summary>
public sealed record ClusterStorage
{
    public static readonly ClusterStorage Empty = new();

    public ImmutableArray<StorageClass> Classes { get; init; } = [];

    public ImmutableArray<PersistentVolume> Volumes { get; init; } = [];

    public ImmutableArray<PersistentVolumeClaim> Claims { get; init; } = [];

    /// <summary>Volumes that are attached to nodes.</summary>
    public ImmutableArray<VolumeAttachment> Attachments { get; init; } = [];

    /// <summary>The first of those marked; readers put the newest first, as the API server does. Null without one.</summary>
    public StorageClass? DefaultClass => Classes.FirstOrDefault(one => one.IsDefault);

    /// <summary>
    /// A claim that all replicas of a workload use and whose volume only one node may use at a time, so that replicas on another node wait; null without one.
    /// </summary>
    public VolumeClaim? NodeBoundClaimOf(Workload workload) => workload.Pods.Volumes.FirstOrDefault(claim => claim.Owner == ClaimOwner.Other && IsForOneNode(workload, claim));

    public StorageClass? ClassOf(string? name) => name is null ? null : Classes.FirstOrDefault(one => one.Name == name);

    private bool IsForOneNode(Workload workload, VolumeClaim claim)
    {
        var bound = Claims.FirstOrDefault(one => one.Namespace == workload.Namespace && one.Name == claim.Name)?.Volume;
        var volume = bound is null ? null : Volumes.FirstOrDefault(one => one.Name == bound);
        var (driver, access) = volume is null ? (claim.Class?.Driver, claim.Access) : (volume.Driver, volume.Access);
        return driver is { Attaches: true } && (access & VolumeAccess.Many) == VolumeAccess.None;
    }
}

/// <summary>A volume that exists.</summary>
public sealed record PersistentVolume
{
    public required string Name { get; init; }

    public long Bytes { get; init; }

    /// <summary>Empty for none.</summary>
    public string StorageClass { get; init; } = "";

    public VolumeAccess Access { get; init; } = VolumeAccess.ReadWriteOnce;

    public bool IsBlock { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Model.Labels.None;

    /// <summary>Terms of which a node must match one; empty for any node.</summary>
    public ImmutableArray<NodeAffinityTerm> Nodes { get; init; } = [];

    /// <summary>The claim that it is for; null for any.</summary>
    public (string Namespace, string Name)? Claim { get; init; }

    /// <summary>It may be bound to a claim: neither released nor failed nor being deleted.</summary>
    public bool IsAvailable { get; init; } = true;

    /// <summary>Null for one that is attached by nobody: a directory, a network file system.</summary>
    public VolumeDriver? Driver { get; init; }

    /// <summary>The driver's name of it.</summary>
    public string Handle { get; init; } = "";

    /// <summary>Its zone, when its labels or its node affinity name exactly one; else empty.</summary>
    public string Zone => Model.Labels.OfZone.Select(key => Labels.GetValueOrDefault(key)).OfType<string>().FirstOrDefault(zone => !zone.Contains("__", StringComparison.Ordinal))
        ?? Nodes.SelectMany(term => term.Labels)
            .FirstOrDefault(label => label.Operator == LabelOperator.In && label.Values.Length == 1 && Model.Labels.OfZone.Contains(label.Key))?.Values[0]
        ?? "";
}

/// <summary>A claim that exists.</summary>
/// <param name="Request">What it asks for.</param>
public sealed record PersistentVolumeClaim(string Namespace, string Name, VolumeClaim Request)
{
    /// <summary>The volume that it is bound to, or that somebody chose for it; null for none.</summary>
    public string? Volume { get; init; }

    /// <summary>It was bound: a volume that is missing now is lost.</summary>
    public bool WasBound { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>Name of the pod that it lives and dies with; null without one.</summary>
    public string? Pod { get; init; }

    /// <summary>The node that the scheduler has chosen its volume for; null for none.</summary>
    public string? SelectedNode { get; init; }
}

/// <summary>A volume on a node, whether a pod uses it or not.</summary>
public sealed record VolumeAttachment(string Node, string Driver, string Handle)
{
    /// <summary>Which volume it is, among those of all drivers.</summary>
    internal string Key => $"{Driver}/{Handle}";
}
