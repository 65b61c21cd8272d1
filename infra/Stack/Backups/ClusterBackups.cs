using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Backups;
using HaCluster.Stack.Storage;
using Pulumi;

namespace HaCluster.Stack.Backups;

/// <summary>Input of <see cref="ClusterBackups"/>.</summary>
public sealed record ClusterBackupsArgs
{
    public required BackupsSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }
}

/// <summary>
/// Backups of cluster objects (in a bucket) and of volumes (as EBS snapshots), on schedules. Both belong to the region, not to a zone: they
/// survive the loss of a zone and a volume can be restored into another one; they do not survive the loss of the region.
/// </summary>
/// <remarks>
/// Bucket and key outlive the stack: a backup must not be deleted with the cluster. What the cluster deletes from the bucket, by expiry or
/// maliciously, stays as an old version for a while: the role of the backup server cannot delete versions.
/// </remarks>
public sealed class ClusterBackups : ComponentResource
{
    public const string TypeToken = "ha-cluster:backups:Backups";

    public ClusterBackups(string name, ClusterBackupsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new ComponentResourceOptions { Parent = this };
        var key = new BackupKey("backups", args.Foundation.Scope, child);
        var bucket = new PrivateBucket(
            "backups",
            new PrivateBucketArgs
            {
                Scope = args.Foundation.Scope,
                Content = "backups",
                KeyArn = key.Arn,
                Lifecycle = new BucketLifecycle { KeepReplacedDays = args.Settings.KeepDeletedDays },
                IsKept = true,
            },
            child);
        _ = new Velero(
            "velero",
            new VeleroArgs
            {
                Settings = args.Settings,
                Foundation = args.Foundation,
                Platform = args.Platform,
                Bucket = bucket,
                KeyArn = key.Arn,
            },
            child);
        BucketName = bucket.Name;
        RegisterOutputs();
    }

    /// <summary>Where backups of objects are.</summary>
    public Output<string> BucketName { get; }
}
