using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Storage;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>Input of <see cref="NodeStatefulSet.Declare"/>.</summary>
public sealed record NodeStatefulSetArgs
{
    public required Foundation Foundation { get; init; }

    /// <summary>All nodes of the chain.</summary>
    public required ChainNodes Nodes { get; init; }

    /// <summary>The set that is declared.</summary>
    public required NodeSet Set { get; init; }

    /// <summary>Volume of each pod.</summary>
    public required Quantity Storage { get; init; }

    /// <summary>How long a clean stop may take.</summary>
    public required int GraceSeconds { get; init; }

    /// <summary><c>RollingUpdate</c>, or <c>OnDelete</c> if a <see cref="NodeRollout"/> updates several sets.</summary>
    public required string UpdateStrategy { get; init; }

    public required ContainerArgs[] InitContainers { get; init; }

    public required ContainerArgs[] Containers { get; init; }

    /// <summary>In addition to the data volume <see cref="NodeStatefulSet.DataVolume"/>.</summary>
    public required VolumeArgs[] Volumes { get; init; }

    /// <summary>What must be there before it starts.</summary>
    public required ImmutableArray<Resource> After { get; init; }
}

/// <summary>Nodes of a chain: each with its own volume, strictly spread over zones and hosts.</summary>
public static class NodeStatefulSet
{
    public const string DataVolume = "data";
    public const string DataPath = "/data";

    /// <summary>The images share no user; any user except root works.</summary>
    public const int User = 10001;

    public static Kubernetes.Apps.V1.StatefulSet Declare(NodeStatefulSetArgs args, Resource parent)
    {
        var labels = Labels(args);
        return new Kubernetes.Apps.V1.StatefulSet(
            args.Set.Name,
            new StatefulSetArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = args.Set.Name,
                    Namespace = ClusterNamespaces.Chains,
                    Labels = labels,
                    // A new node is ready after hours or days; nothing that is declared after it needs to wait for that.
                    Annotations = { ["pulumi.com/skipAwait"] = "true" },
                },
                Spec = new StatefulSetSpecArgs
                {
                    Replicas = args.Set.Replicas,
                    ServiceName = args.Nodes.Service,
                    // Nodes do not need each other to start, and the first one may sync for days without blocking the second.
                    PodManagementPolicy = "Parallel",
                    UpdateStrategy = new StatefulSetUpdateStrategyArgs { Type = args.UpdateStrategy },
                    MinReadySeconds = 60,
                    RevisionHistoryLimit = 5,
                    PersistentVolumeClaimRetentionPolicy =
                        new StatefulSetPersistentVolumeClaimRetentionPolicyArgs { WhenDeleted = "Retain", WhenScaled = "Retain" },
                    Selector = new LabelSelectorArgs { MatchLabels = labels },
                    Template = new PodTemplateSpecArgs
                    {
                        Metadata = new ObjectMetaArgs { Labels = labels },
                        Spec = Pod(args),
                    },
                    VolumeClaimTemplates = { Claim(args, labels) },
                },
            },
            new CustomResourceOptions
            {
                Parent = parent,
                Provider = args.Foundation.Provider,
                DependsOn = args.After,
                // Kubernetes refuses every change of this field, so growth would need a new StatefulSet. NodeVolumes grows the claims.
                IgnoreChanges = { "spec.volumeClaimTemplates" },
            });
    }

    public static VolumeMountArgs Data() => new() { Name = DataVolume, MountPath = DataPath };

    /// <summary>A file system in memory that is deleted with the pod.</summary>
    public static VolumeArgs Memory(string name, string size) =>
        new() { Name = name, EmptyDir = new EmptyDirVolumeSourceArgs { Medium = "Memory", SizeLimit = size } };

    /// <summary>Some keys of a secret as files that only the pod's group can read.</summary>
    public static VolumeArgs Secret(string name, string secret, params string[] keys) => new()
    {
        Name = name,
        Secret = new SecretVolumeSourceArgs
        {
            SecretName = secret,
            DefaultMode = 0b100_100_000,
            Items = keys.Select(key => new KeyToPathArgs { Key = key, Path = key }).ToArray(),
        },
    };

    private static PodSpecArgs Pod(NodeStatefulSetArgs args) => new()
    {
        // Kubernetes would set GETH_... and BTCD_... variables for Services, which the clients would read as settings.
        EnableServiceLinks = false,
        AutomountServiceAccountToken = false,
        PriorityClassName = PriorityClasses.High,
        TerminationGracePeriodSeconds = args.GraceSeconds,
        NodeSelector = StatefulNodes.NodeSelector(),
        Tolerations = StatefulNodes.Tolerations(),
        TopologySpreadConstraints = ZoneSpread.Required(args.Foundation.Zones, args.Nodes.Labels).Typed(),
        Affinity = new AffinityArgs
        {
            PodAntiAffinity = new PodAntiAffinityArgs
            {
                RequiredDuringSchedulingIgnoredDuringExecution =
                {
                    new PodAffinityTermArgs
                    {
                        TopologyKey = "kubernetes.io/hostname",
                        LabelSelector = new LabelSelectorArgs { MatchLabels = NodeService.Selector(args.Nodes.Labels) },
                    },
                },
            },
        },
        SecurityContext = Hardening.Pod(User, User),
        InitContainers = args.InitContainers,
        Containers = args.Containers,
        Volumes = args.Volumes,
    };

    private static PersistentVolumeClaimArgs Claim(NodeStatefulSetArgs args, InputMap<string> labels) => new()
    {
        Metadata = new ObjectMetaArgs { Name = DataVolume, Labels = labels },
        Spec = new PersistentVolumeClaimSpecArgs
        {
            AccessModes = { "ReadWriteOnce" },
            StorageClassName = StorageClasses.ChainData,
            Resources = new VolumeResourceRequirementsArgs { Requests = { ["storage"] = args.Storage.ToString() } },
        },
    };

    private static InputMap<string> Labels(NodeStatefulSetArgs args) =>
        NodeService.Selector([.. args.Nodes.Labels, (NodeSet.SetLabel, args.Set.Name)]);
}

/// <summary>One StatefulSet of nodes.</summary>
/// <param name="Name">Name of the StatefulSet: <c>bitcoin</c>, <c>ethereum-geth</c>.</param>
/// <param name="Client">Program that follows the chain: <c>btcd</c>, <c>geth</c>, <c>reth</c>.</param>
/// <param name="MetricsPort">Port of the client's metrics; null if it has none.</param>
public sealed record NodeSet(string Name, string Client, int Replicas, int? MetricsPort)
{
    public const string SetLabel = "app.kubernetes.io/name";
}
