using HaCluster.Stack.Chains.Upkeep;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Storage;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Batch.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>Input of <see cref="NodeVolumes"/>.</summary>
public sealed record NodeVolumesArgs
{
    public required ChainArgs Chain { get; init; }

    public required ChainNodes Nodes { get; init; }

    public required NodeSet Set { get; init; }

    /// <summary>Size that every volume of the set has in the end.</summary>
    public required Quantity Storage { get; init; }
}

/// <summary>
/// Creates the volumes of a set before its pods need them: a missing one from the newest snapshot; a small one is grown. It runs whenever the
/// set changes its size or its storage; RESTORE.md describes how to run it by hand, from the suspended CronJob.
/// </summary>
public sealed class NodeVolumes : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Volumes";

    public NodeVolumes(string name, NodeVolumesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var job = $"{args.Set.Name}-volumes";
        var claims = Enumerable.Range(0, args.Set.Replicas).Select(ordinal => $"{NodeStatefulSet.DataVolume}-{args.Set.Name}-{ordinal}").ToArray();
        var account = args.Chain.Maintenance.Account(
            job,
            this,
            // RBAC cannot restrict the creation of objects by name.
            Maintenance.Rule("", "persistentvolumeclaims", ["create"]),
            Maintenance.Rule("", "persistentvolumeclaims", ["get", "patch"], claims),
            Maintenance.Rule("snapshot.storage.k8s.io", "volumesnapshots", ["list"]));
        var spec = Spec(job, args);
        _ = new Kubernetes.Batch.V1.Job(job, new JobArgs { Metadata = Maintenance.Metadata(job), Spec = spec }, args.Chain.Child(this, account));
        _ = new Kubernetes.Batch.V1.CronJob(
            job,
            new CronJobArgs
            {
                Metadata = Maintenance.Metadata(job),
                Spec = new CronJobSpecArgs { Suspend = true, Schedule = "0 0 1 1 *", JobTemplate = new JobTemplateSpecArgs { Spec = spec } },
            },
            args.Chain.Child(this, account));
        RegisterOutputs();
    }

    private static JobSpecArgs Spec(string account, NodeVolumesArgs args) => new()
    {
        BackoffLimit = 3,
        ActiveDeadlineSeconds = 600,
        Template = Maintenance.Pod(
            account,
            MaintenanceScripts.Volumes,
            ("CHAIN", args.Nodes.Chain),
            ("SET", args.Set.Name),
            ("REPLICAS", $"{args.Set.Replicas}"),
            ("STORAGE", args.Storage.ToString()),
            ("CLASS", StorageClasses.ChainData)),
    };
}
