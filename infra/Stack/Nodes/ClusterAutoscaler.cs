using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Nodes;

/// <summary>Input of <see cref="ClusterAutoscaler"/>.</summary>
public sealed record ClusterAutoscalerArgs
{
    public required StackScope Scope { get; init; }

    public required ClusterVersion Version { get; init; }

    public required Aws.Eks.Cluster Cluster { get; init; }

    public required Kubernetes.Provider Provider { get; init; }

    /// <summary>Number of zones of the cluster.</summary>
    public required int Zones { get; init; }

    /// <summary>What must be there before it starts: nodes to run on and DNS.</summary>
    public required ImmutableArray<Resource> After { get; init; }
}

/// <summary>
/// Adds nodes for pods that wait and removes idle ones, within each group's bounds. EKS puts the tags it looks for on the Auto Scaling groups
/// of managed node groups.
/// </summary>
public sealed class ClusterAutoscaler : ComponentResource
{
    public const string TypeToken = "ha-cluster:nodes:ClusterAutoscaler";

    private const string Name = "cluster-autoscaler";
    private const string Namespace = "kube-system";
    private const int Replicas = 2;

    public ClusterAutoscaler(string name, ClusterAutoscalerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        var identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = scope,
                Purpose = "Changes the size of this cluster's node groups",
                Namespace = Namespace,
                ServiceAccount = Name,
                Policy = Output.Tuple(scope.Account.Arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"), NodeGroupArns(scope))
                    .Apply(arns => PolicyDocument.Json(Describe(), DescribeNodeGroups(arns.Item2), Scale(arns.Item1, scope.ClusterName))),
            },
            args.Cluster,
            new ComponentResourceOptions { Parent = this });
        _ = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = new Chart(Name, args.Version.ClusterAutoscalerChart, "https://kubernetes.github.io/autoscaler"),
                Name = Name,
                Namespace = Namespace,
                Values = Values(args),
                Provider = args.Provider,
                After = args.After.Add(identity),
            },
            this);
        RegisterOutputs();
    }

    // https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/charts/cluster-autoscaler/values.yaml
    private static Dictionary<string, object> Values(ClusterAutoscalerArgs args) => new()
    {
        ["fullnameOverride"] = Name,
        ["cloudProvider"] = "aws",
        ["awsRegion"] = args.Scope.Account.Region,
        ["autoDiscovery"] = new Dictionary<string, object> { ["clusterName"] = args.Scope.ClusterName },
        ["image"] = new Dictionary<string, object> { ["tag"] = args.Version.ClusterAutoscalerImage },
        ["rbac"] = new Dictionary<string, object> { ["serviceAccount"] = new Dictionary<string, object> { ["name"] = Name } },
        ["extraArgs"] = new Dictionary<string, object>
        {
            ["balance-similar-node-groups"] = true,
            ["expander"] = "least-waste",
            ["skip-nodes-with-local-storage"] = false,
            ["skip-nodes-with-system-pods"] = false,
            ["aws-use-static-instance-list"] = false,
        },
        ["replicaCount"] = Replicas,
        ["podDisruptionBudget"] = new Dictionary<string, object> { ["maxUnavailable"] = 1 },
        ["priorityClassName"] = "system-cluster-critical",
        ["nodeSelector"] = new Dictionary<string, object> { [NodePool.Label] = NodePool.System },
        ["tolerations"] = new[] { new Dictionary<string, object> { ["key"] = NodePool.SystemTaint, ["operator"] = "Exists" } },
        ["topologySpreadConstraints"] = ZoneSpread.Of(args.Zones, ("app.kubernetes.io/instance", Name)).Values(),
        ["resources"] = new Dictionary<string, object>
        {
            ["requests"] = new Dictionary<string, object> { ["cpu"] = "100m", ["memory"] = "600Mi", ["ephemeral-storage"] = "100Mi" },
            ["limits"] = new Dictionary<string, object> { ["memory"] = "600Mi", ["ephemeral-storage"] = "500Mi" },
        },
        ["securityContext"] = new Dictionary<string, object>
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = 65534,
            ["fsGroup"] = 65534,
            ["seccompProfile"] = new Dictionary<string, object> { ["type"] = "RuntimeDefault" },
        },
        ["containerSecurityContext"] = new Dictionary<string, object>
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new Dictionary<string, object> { ["drop"] = new[] { "ALL" } },
        },
    };

    private static Output<string> NodeGroupArns(StackScope scope) => scope.Account.Arn("eks", $"nodegroup/{scope.ClusterName}/*/*");

    // https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md: none of these can be narrowed.
    private static PolicyStatement Describe() => new()
    {
        Sid = "DescribeGroups",
        Actions =
        [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
        ],
        Resources = ["*"],
    };

    private static PolicyStatement DescribeNodeGroups(string arns) => new()
    {
        Sid = "DescribeNodeGroups",
        Actions = ["eks:DescribeNodegroup"],
        Resources = [arns],
    };

    private static PolicyStatement Scale(string groups, string cluster) => new()
    {
        Sid = "ScaleOwnGroups",
        Actions = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        Resources = [groups],
        Conditions =
        [
            PolicyCondition.Is("aws:ResourceTag/k8s.io/cluster-autoscaler/enabled", "true"),
            PolicyCondition.Is($"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster}", "owned"),
        ],
    };
}
