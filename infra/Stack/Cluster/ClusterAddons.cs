using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Software;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Cluster;

/// <summary>Input of <see cref="ClusterAddons"/>.</summary>
public sealed record ClusterAddonsArgs
{
    public required StackScope Scope { get; init; }

    public required ClusterVersion Version { get; init; }

    public required Aws.Eks.Cluster Cluster { get; init; }

    /// <summary>Number of zones: DNS has a replica in each.</summary>
    public required int Zones { get; init; }

    public required Input<string> VolumeKeyArn { get; init; }

    /// <summary>The nodes that the add-ons run on.</summary>
    public required ImmutableArray<Resource> Nodes { get; init; }
}

/// <summary>Add-ons that run on nodes: DNS, volumes, snapshots, metrics, node health.</summary>
public sealed class ClusterAddons : ComponentResource
{
    public const string TypeToken = "ha-cluster:cluster:Addons";

    // Only volumes and snapshots that carry the name of the cluster in the session tags of the pod, and only on its nodes. From version 1.58 the
    // driver tags what it makes; a volume from elsewhere needs the tag ebs.csi.aws.com/cluster-name first:
    // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverEKSClusterScopedPolicy.html
    private const string EbsPolicy = "AmazonEBSCSIDriverEKSClusterScopedPolicy";

    public ClusterAddons(string name, ClusterAddonsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var addons = new AddonSet(args.Scope, args.Cluster.Name, this, args.Nodes);
        CoreDns = addons.Install("coredns", args.Version.CoreDns, CoreDnsConfiguration(args.Zones));
        _ = addons.Install("metrics-server", args.Version.MetricsServer, MetricsServerConfiguration());
        _ = addons.Install("eks-node-monitoring-agent", args.Version.NodeMonitoringAgent);
        SnapshotController = addons.Install("snapshot-controller", args.Version.SnapshotController);

        var role = new PodRole(
            "ebs-csi",
            new PodRoleArgs
            {
                Scope = args.Scope,
                Purpose = "Makes, attaches and snapshots volumes",
                Namespace = "kube-system",
                ServiceAccount = "ebs-csi-controller-sa",
                ManagedPolicies = [EbsPolicy],
                Policy = ((Output<string>)args.VolumeKeyArn).Apply(arn => PolicyDocument.Json(UseKey(arn), GrantKey(arn))),
            },
            new ComponentResourceOptions { Parent = this });
        EbsCsiDriver = addons.Install("aws-ebs-csi-driver", args.Version.EbsCsiDriver, EbsConfiguration(args.Scope), role);
        RegisterOutputs();
    }

    public Aws.Eks.Addon CoreDns { get; }

    public Aws.Eks.Addon EbsCsiDriver { get; }

    public Aws.Eks.Addon SnapshotController { get; }

    // https://aws.amazon.com/blogs/containers/recent-changes-to-the-coredns-add-on/ and
    // https://docs.aws.amazon.com/eks/latest/userguide/coredns-autoscaling.html
    private static JsonObject CoreDnsConfiguration(int zones) => new()
    {
        ["autoScaling"] = new JsonObject { ["enabled"] = true, ["minReplicas"] = zones, ["maxReplicas"] = 4 * zones },
        ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true, ["maxUnavailable"] = 1 },
        ["tolerations"] = SystemPlacement.Tolerations(),
        ["nodeSelector"] = SystemPlacement.NodeSelector(),
        ["topologySpreadConstraints"] = SystemPlacement.Spread(("k8s-app", "kube-dns")),
    };

    // https://github.com/kubernetes-sigs/metrics-server/blob/master/charts/metrics-server/values.yaml
    private static JsonObject MetricsServerConfiguration() => new()
    {
        ["replicas"] = 2,
        ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true, ["maxUnavailable"] = 1 },
        ["tolerations"] = SystemPlacement.Tolerations(),
        ["nodeSelector"] = SystemPlacement.NodeSelector(),
        ["topologySpreadConstraints"] = SystemPlacement.Spread(("app.kubernetes.io/name", "metrics-server")),
    };

    // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/values.yaml: two replicas by default,
    // and the chart adds the labels of its pods to the spread.
    private static JsonObject EbsConfiguration(StackScope scope) => new()
    {
        ["controller"] = new JsonObject
        {
            ["tolerations"] = SystemPlacement.Tolerations(),
            ["nodeSelector"] = SystemPlacement.NodeSelector(),
            ["topologySpreadConstraints"] = SystemPlacement.Spread(),
            ["extraVolumeTags"] = VolumeTags(scope),
        },
    };

    // The driver names volumes itself, after the claim.
    private static JsonObject VolumeTags(StackScope scope)
    {
        var json = new JsonObject();
        foreach (var (key, value) in scope.Tags.Plain("").OrderBy(tag => tag.Key, StringComparer.Ordinal).Where(tag => tag.Key != "Name"))
            json[key] = value;
        return json;
    }

    // https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html, the policy for a customer key.
    private static PolicyStatement UseKey(string arn) => new()
    {
        Sid = "UseKey",
        Actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        Resources = [arn],
    };

    private static PolicyStatement GrantKey(string arn) => new()
    {
        Sid = "GrantKey",
        Actions = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        Resources = [arn],
        Conditions = [PolicyCondition.IsTrue("kms:GrantIsForAWSResource")],
    };
}
