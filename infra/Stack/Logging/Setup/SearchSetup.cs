using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Batch.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>Input of <see cref="SearchSetup"/>.</summary>
public sealed record SearchSetupArgs
{
    public required LoggingSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>Name of the domain's host.</summary>
    public required Output<string> Endpoint { get; init; }

    public required Output<SearchPrincipals> Principals { get; init; }

    /// <summary>Name of the bucket for snapshots.</summary>
    public required Output<string> SnapshotBucket { get; init; }

    /// <summary>Role that OpenSearch writes snapshots with.</summary>
    public required Output<string> SnapshotRoleArn { get; init; }

    /// <summary>What must be there before it starts.</summary>
    public required ImmutableArray<Resource> After { get; init; }
}

/// <summary>
/// A job in the cluster that creates roles, templates, policies and the repository in OpenSearch: the domain has no public address, so the program
/// itself cannot. Its name contains a hash of its content, so it runs again only when the content changes.
/// </summary>
public sealed class SearchSetup : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:Setup";

    /// <summary>Name of its service account, and value of its <c>app.kubernetes.io/name</c> label.</summary>
    public const string Name = "search-setup";

    private const string Files = "/setup";
    private const string Work = "/scratch";
    private const int User = 65534;
    private const int Retries = 3;
    private const int WaitSeconds = 900;
    private const int PauseSeconds = 10;
    private const int DeadlineSeconds = 3600;

    // Every request first gets credentials, in a separate process.
    private static readonly ContainerSize Size = new("50m", "500m", "64Mi", "64Mi");

    public SearchSetup(string name, SearchSetupArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var child = new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = args.After };
        var account = new Kubernetes.Core.V1.ServiceAccount(
            name,
            new ServiceAccountArgs { Metadata = Metadata(Name), AutomountServiceAccountToken = false },
            child);
        var files = Output.Tuple(args.Principals, args.SnapshotBucket, args.SnapshotRoleArn)
            .Apply(found => SetupFiles.Of(Steps(args, found.Item1, found.Item2, found.Item3)));
        var config = new Kubernetes.Core.V1.ConfigMap(
            name,
            new ConfigMapArgs
            {
                Metadata = Metadata(files.Apply(set => $"{Name}-{set.Hash}")),
                Immutable = true,
                Data = files.Apply(set => set.ByName.ToImmutableDictionary()),
            },
            child);
        Job = new Kubernetes.Batch.V1.Job(
            name,
            new JobArgs
            {
                Metadata = Metadata(files.Apply(set => $"{Name}-{set.Hash}")),
                Spec = new JobSpecArgs
                {
                    BackoffLimit = Retries,
                    ActiveDeadlineSeconds = DeadlineSeconds,
                    Template = new PodTemplateSpecArgs
                    {
                        Metadata = new ObjectMetaArgs { Labels = { ["app.kubernetes.io/name"] = Name } },
                        Spec = Pod(args, config, account),
                    },
                },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = foundation.Provider,
                DependsOn = args.After,
                CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromSeconds(DeadlineSeconds) },
            });
        RegisterOutputs();
    }

    /// <summary>Done when the set-up is complete: writers wait for it, because without templates OpenSearch would guess the mappings.</summary>
    public Kubernetes.Batch.V1.Job Job { get; }

    /// <summary>All set-up steps in order: roles before writers, templates before data.</summary>
    public static IEnumerable<SetupStep> Steps(LoggingSettings settings, SearchPrincipals principals, string region, string bucket, string snapshotRole) =>
    [
        .. SearchRoles.All(principals),
        .. IndexTemplates.All(settings),
        .. SnapshotPlan.All(bucket, region, snapshotRole),
        .. RetentionPolicies.All(settings),
    ];

    private static IEnumerable<SetupStep> Steps(SearchSetupArgs args, SearchPrincipals principals, string bucket, string role) =>
        Steps(args.Settings, principals, args.Foundation.Scope.Account.Region, bucket, role);

    private static PodSpecArgs Pod(SearchSetupArgs args, Kubernetes.Core.V1.ConfigMap config, Kubernetes.Core.V1.ServiceAccount account) => new()
    {
        ServiceAccountName = account.Metadata.Apply(metadata => metadata.Name),
        AutomountServiceAccountToken = false,
        RestartPolicy = "Never",
        PriorityClassName = PriorityClasses.Standard,
        SecurityContext = Hardening.Pod(User, User),
        Containers =
        {
            new ContainerArgs
            {
                Name = Name,
                Image = Pins.CurlImage,
                Command = { "/bin/sh", $"{Files}/{SetupFiles.Script}" },
                Env =
                {
                    Variable("ENDPOINT", Output.Format($"https://{args.Endpoint}")),
                    Variable("REGION", args.Foundation.Scope.Account.Region),
                    Variable("STEPS", Files),
                    Variable("WORK", Work),
                    Variable("WAIT_SECONDS", WaitSeconds.ToString(CultureInfo.InvariantCulture)),
                    Variable("PAUSE_SECONDS", PauseSeconds.ToString(CultureInfo.InvariantCulture)),
                },
                Resources = Size.Typed(),
                SecurityContext = Hardening.Container(),
                VolumeMounts =
                {
                    new VolumeMountArgs { Name = "files", MountPath = Files, ReadOnly = true },
                    new VolumeMountArgs { Name = "work", MountPath = Work },
                },
            },
        },
        Volumes =
        {
            new VolumeArgs { Name = "files", ConfigMap = new ConfigMapVolumeSourceArgs { Name = config.Metadata.Apply(metadata => metadata.Name) } },
            new VolumeArgs { Name = "work", EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = "16Mi" } },
        },
    };

    private static EnvVarArgs Variable(string name, Input<string> value) => new() { Name = name, Value = value };

    private static ObjectMetaArgs Metadata(Input<string> name) => new()
    {
        Name = name,
        Namespace = ClusterNamespaces.Logging,
        Labels = { ["app.kubernetes.io/name"] = Name },
    };
}
