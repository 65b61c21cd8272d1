using System.Collections.Immutable;
using HaCluster.Stack.Chains.Upkeep;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Storage;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Batch.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>Input of <see cref="NodeSnapshots"/>.</summary>
public sealed record NodeSnapshotsArgs
{
    public required ImmutableArray<ChainNodes> Chains { get; init; }

    public required SnapshotSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required Maintenance Maintenance { get; init; }
}

/// <summary>
/// Snapshots of the volumes of all nodes, on a schedule; the newest few of each are kept. They are taken from running nodes: one volume has all of a node's
/// databases and a snapshot is a single point in time, so a restored node looks as after a power failure, from which all clients recover by
/// themselves. Stopping a node for each snapshot would be cleaner, but would cost a third of the capacity twice per day.
/// </summary>
/// <remarks>
/// Why not an operator: the maintained one (https://github.com/backube/snapscheduler) may write snapshots in every namespace and brings a
/// CRD, a leader election and a proxy, where one short script is enough here.
/// </remarks>
public sealed class NodeSnapshots : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Snapshots";

    /// <summary>A snapshot of this class is deleted in AWS together with its object; with the default class it would stay, and be paid for, forever.</summary>
    public const string ClassName = "chain-data";

    private const string Account = "chain-snapshots";

    public NodeSnapshots(string name, NodeSnapshotsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var snapshotClass = new Kubernetes.ApiExtensions.CustomResource(
            ClassName,
            new VolumeSnapshotClassArgs
            {
                Metadata = new ObjectMetaArgs { Name = ClassName },
                Driver = StorageClasses.EbsDriver,
                DeletionPolicy = "Delete",
            },
            args.Maintenance.Child(this));
        var account = args.Maintenance.Account(
            Account,
            this,
            Maintenance.Rule("", "persistentvolumeclaims", ["list"]),
            Maintenance.Rule("snapshot.storage.k8s.io", "volumesnapshots", ["get", "list", "create", "patch", "delete"]));
        foreach (var nodes in args.Chains)
            Declare(nodes, args, [snapshotClass, .. account]);
        RegisterOutputs();
    }

    private void Declare(ChainNodes nodes, NodeSnapshotsArgs args, Resource[] after)
    {
        var name = $"{nodes.Chain}-snapshots";
        _ = new Kubernetes.Batch.V1.CronJob(
            name,
            new CronJobArgs
            {
                Metadata = Maintenance.Metadata(name),
                Spec = new CronJobSpecArgs
                {
                    Schedule = args.Settings.Schedule,
                    TimeZone = "Etc/UTC",
                    ConcurrencyPolicy = "Forbid",
                    StartingDeadlineSeconds = 3600,
                    SuccessfulJobsHistoryLimit = 1,
                    FailedJobsHistoryLimit = 3,
                    JobTemplate = new JobTemplateSpecArgs
                    {
                        Spec = new JobSpecArgs
                        {
                            BackoffLimit = 3,
                            ActiveDeadlineSeconds = 600,
                            Template = Maintenance.Pod(
                                Account,
                                MaintenanceScripts.Snapshots,
                                ("CHAIN", nodes.Chain),
                                ("KEEP", $"{args.Settings.Keep}"),
                                ("SNAPSHOT_CLASS", ClassName)),
                        },
                    },
                },
            },
            args.Maintenance.Child(this, after));
    }
}
