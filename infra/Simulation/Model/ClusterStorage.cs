using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>The storage of a cluster: storage classes, and existing volumes.</summary>
public sealed record ClusterStorage
{
    public static readonly ClusterStorage Empty = new();

    public ImmutableArray<StorageClass> Classes { get; init; } = [];

    public ImmutableArray<PersistentVolume> Volumes { get; init; } = [];

    public ImmutableArray<PersistentVolumeClaim> Claims { get; init; } = [];

    /// <summary>Volumes that are attached to nodes.</summary>
    public ImmutableArray<VolumeAttachment> Attachments { get; init; } = [];

    /// <summary>The first class marked as default; readers put the newest first, as the API server does. Null without one.</summary>
    public StorageClass? DefaultClass => Classes.FirstOrDefault(one => one.IsDefault);

    /// <summary>
    /// A claim shared by all replicas of a workload whose volume only one node can use at a time, so that replicas on other nodes wait; null without one.
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

    /// <summary>Node affinity terms, of which one must match; empty for any node.</summary>
    public ImmutableArray<NodeAffinityTerm> Nodes { get; init; } = [];

    /// <summary>The claim that it is reserved for; null for any.</summary>
    public (string Namespace, string Name)? Claim { get; init; }

    /// <summary>Whether it can be bound to a claim: not released, failed or being deleted.</summary>
    public bool IsAvailable { get; init; } = true;

    /// <summary>Null for volumes that are not attached: a directory, a network file system.</summary>
    public VolumeDriver? Driver { get; init; }

    /// <summary>Its id in the driver.</summary>
    public string Handle { get; init; } = "";

    /// <summary>Its zone, when its labels or its node affinity name exactly one; else empty.</summary>
    public string Zone => Model.Labels.OfZone.Select(key => Labels.GetValueOrDefault(key)).OfType<string>().FirstOrDefault(zone => !zone.Contains("__", StringComparison.Ordinal))
        ?? Nodes.SelectMany(term => term.Labels)
            .FirstOrDefault(label => label.Operator == LabelOperator.In && label.Values.Length == 1 && Model.Labels.OfZone.Contains(label.Key))?.Values[0]
        ?? "";
}

/// <summary>A claim that exists.</summary>
/// <param name="Request">The requested volume.</param>
public sealed record PersistentVolumeClaim(string Namespace, string Name, VolumeClaim Request)
{
    /// <summary>The volume that it is bound to or preassigned to; null for none.</summary>
    public string? Volume { get; init; }

    /// <summary>Whether it was bound before: if its volume is missing now, it is lost.</summary>
    public bool WasBound { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>The pod that owns it (a generic ephemeral volume); null without one.</summary>
    public string? Pod { get; init; }

    /// <summary>The node that the scheduler has selected for its volume; null for none.</summary>
    public string? SelectedNode { get; init; }
}

/// <summary>A volume attached to a node, whether a pod uses it or not.</summary>
public sealed record VolumeAttachment(string Node, string Driver, string Handle)
{
    /// <summary>A key that is unique across drivers.</summary>
    internal string Key => $"{Driver}/{Handle}";
}
