using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Backups;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Storage;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Backups;

/// <summary>Input of <see cref="Velero"/>.</summary>
public sealed record VeleroArgs
{
    public required BackupsSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>Where backups of objects go.</summary>
    public required PrivateBucket Bucket { get; init; }

    /// <summary>Key of the bucket.</summary>
    public required Output<string> KeyArn { get; init; }
}

/// <summary>
/// Velero: writes all objects of the cluster into a bucket, and makes the volume driver take a snapshot of each. It has one replica:
/// when it is lost Kubernetes starts it on another node, and a missed hour shows in the age of the newest backup.
/// </summary>
/// <remarks>
/// In the cluster it may do everything, because a restore creates everything; in AWS it may only read and write its bucket. The snapshots are the
/// work of the driver, with the driver's role; Velero's own snapshots, which would need permissions for all snapshots of EC2, are off.
/// </remarks>
public sealed class Velero : ComponentResource
{
    public const string TypeToken = "ha-cluster:backups:Velero";

    private const string Name = "velero";
    private const string Namespace = ClusterNamespaces.Platform;
    private const string ServiceAccount = "velero-server";
    private const string VolumePolicies = "velero-volume-policies";
    private const string Location = "default";
    private const int Nobody = 65534;

    private static readonly ContainerSize Server = new("200m", "1", "512Mi", "2Gi");
    private static readonly ContainerSize Step = new("100m", "400m", "256Mi", "512Mi");

    public Velero(string name, VeleroArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = "Reads and writes backups of this cluster",
                Namespace = Namespace,
                ServiceAccount = ServiceAccount,
                Policy = Output.Tuple(args.Bucket.Arn, args.KeyArn).Apply(arns => PolicyDocument.Json(Find(arns.Item1), Write(arns.Item1), Encrypt(arns.Item2))),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });
        var policies = new Kubernetes.Core.V1.ConfigMap(
            VolumePolicies,
            new ConfigMapArgs
            {
                Metadata = new ObjectMetaArgs { Name = VolumePolicies, Namespace = Namespace },
                Data = { ["policies.yaml"] = SkipChainData() },
            },
            new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready });
        _ = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = Pins.Velero,
                Name = Name,
                Namespace = Namespace,
                Values = Values(args),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. args.Platform.MonitorsReady, args.Bucket, identity, policies],
            },
            this);
        RegisterOutputs();
    }

    // https://github.com/vmware-tanzu/helm-charts/blob/velero-12.1.0/charts/velero/values.yaml
    private static Dictionary<string, object> Values(VeleroArgs args) => new()
    {
        ["fullnameOverride"] = Name,
        ["serviceAccount"] = new Dictionary<string, object> { ["server"] = new Dictionary<string, object> { ["name"] = ServiceAccount } },
        ["credentials"] = new Dictionary<string, object> { ["useSecret"] = false },
        ["initContainers"] = new[]
        {
            new Dictionary<string, object>
            {
                ["name"] = "velero-plugin-for-aws",
                ["image"] = Pins.VeleroPluginForAws,
                ["volumeMounts"] = new[] { new Dictionary<string, object> { ["mountPath"] = "/target", ["name"] = "plugins" } },
                ["resources"] = Step.Values(),
                ["securityContext"] = Hardening.ContainerValues(),
            },
        },
        ["configuration"] = Configuration(args),
        ["snapshotsEnabled"] = false,
        ["deployNodeAgent"] = false,
        ["schedules"] = new Dictionary<string, object>
        {
            ["objects"] = Schedule(args.Settings.Objects, args.Settings.ExcludedNamespaces, withVolumes: false),
            ["volumes"] = Schedule(args.Settings.Volumes, args.Settings.ExcludedNamespaces, withVolumes: true),
        },
        ["metrics"] = new Dictionary<string, object>
        {
            ["enabled"] = true,
            ["serviceMonitor"] = new Dictionary<string, object> { ["enabled"] = true, ["autodetect"] = false },
        },
        ["resources"] = Server.Values(),
        ["upgradeJobResources"] = Step.Values(),
        ["podSecurityContext"] = Hardening.PodValues(Nobody),
        ["containerSecurityContext"] = Hardening.ContainerValues(),
        ["priorityClassName"] = PriorityClasses.Standard,

        // An interrupted backup fails and the schedule takes another; waiting for an hour would only delay the drain of a node.
        ["terminationGracePeriodSeconds"] = 60,
    };

    private static Dictionary<string, object> Configuration(VeleroArgs args) => new()
    {
        ["features"] = "EnableCSI",
        ["defaultBackupTTL"] = args.Settings.Volumes.TimeToLive,
        ["backupStorageLocation"] = new[]
        {
            new Dictionary<string, object>
            {
                ["name"] = Location,
                ["default"] = true,
                ["provider"] = "aws",
                ["bucket"] = args.Bucket.Name,
                ["config"] = new Dictionary<string, object> { ["region"] = args.Foundation.Scope.Account.Region },
            },
        },
    };

    // https://velero.io/docs/main/api-types/schedule/
    private static Dictionary<string, object> Schedule(BackupSchedule schedule, ImmutableArray<string> excluded, bool withVolumes)
    {
        var template = new Dictionary<string, object>
        {
            ["ttl"] = schedule.TimeToLive,
            ["storageLocation"] = Location,
            ["includeClusterResources"] = true,
            ["excludedResources"] = new[] { "events", "events.events.k8s.io" },
            ["snapshotVolumes"] = withVolumes,
        };
        if (!excluded.IsEmpty)
            template["excludedNamespaces"] = excluded.ToArray();
        if (withVolumes)
            template["resourcePolicy"] = new Dictionary<string, object> { ["kind"] = "configmap", ["name"] = VolumePolicies };
        return new Dictionary<string, object> { ["schedule"] = schedule.Cron, ["template"] = template };
    }

    // Chain nodes have their own snapshots, with their own retention; a second set of snapshots of volumes
    // this large would double the cost. https://velero.io/docs/main/resource-filtering/#resource-policies
    private static string SkipChainData() => $"""
        version: v1
        volumePolicies:
          - conditions:
              storageClass:
                - {StorageClasses.ChainData}
            action:
              type: skip

        """.ReplaceLineEndings("\n");

    // https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero, without its snapshots.
    private static PolicyStatement Find(string bucket) => new()
    {
        Sid = "ListBackupBucket",
        Actions = ["s3:ListBucket"],
        Resources = [bucket],
    };

    private static PolicyStatement Write(string bucket) => new()
    {
        Sid = "BackupObjects",
        Actions = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
        Resources = [$"{bucket}/*"],
    };

    private static PolicyStatement Encrypt(string key) => new()
    {
        Sid = "UseKey",
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [key],
    };
}
