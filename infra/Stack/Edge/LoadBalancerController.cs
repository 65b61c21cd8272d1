using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="LoadBalancerController"/>.</summary>
public sealed record LoadBalancerControllerArgs
{
    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }
}

/// <summary>Makes network load balancers of Services that name its class, and keeps their targets: the AWS Load Balancer Controller.</summary>
public sealed class LoadBalancerController : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:LoadBalancerController";

    /// <summary>Class of Services that it answers to.</summary>
    public const string Class = "service.k8s.aws/nlb";

    private const string Name = "aws-load-balancer-controller";
    private const string Instance = "app.kubernetes.io/instance";

    public LoadBalancerController(string name, LoadBalancerControllerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = "Makes and changes the network load balancers of this cluster",
                Namespace = ClusterNamespaces.Platform,
                ServiceAccount = Name,
                Policy = LoadBalancerControllerPolicy.Json(foundation.Scope, foundation.Network.VpcId),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });
        _ = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = Pins.LoadBalancerController,
                Name = Name,
                Namespace = ClusterNamespaces.Platform,
                Values = Values(foundation),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. args.Platform.CertificatesReady, .. args.Platform.MonitorsReady, identity],
            },
            this);
        RegisterOutputs();
    }

    // https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/helm/aws-load-balancer-controller/values.yaml
    private static Dictionary<string, object> Values(Foundation foundation) => new()
    {
        ["fullnameOverride"] = Name,
        ["serviceAccount"] = new Dictionary<string, object> { ["name"] = Name },

        // Pods cannot reach the instance metadata service.
        ["clusterName"] = foundation.Scope.ClusterName,
        ["region"] = foundation.Scope.Account.Region,
        ["vpcId"] = foundation.Network.VpcId,
        ["defaultTags"] = foundation.Scope.Tags.Plain(foundation.Scope.NameOf("edge")),
        ["defaultTargetType"] = "ip",

        // A certificate created by the chart changes with each `pulumi up`, and pods would still use the old one.
        ["enableCertManager"] = true,

        // With this webhook no Service at all can be made while the controller is down; ours names the class instead.
        ["enableServiceMutatorWebhook"] = false,

        // All ingress goes through the gateway: no Ingress, no other implementation of Gateway API, and no permissions for them.
        ["createIngressClassResource"] = false,
        ["ingressClassParams"] = new Dictionary<string, object> { ["create"] = false },
        ["webhookConfig"] = new Dictionary<string, object> { ["disableIngressValidation"] = true },
        ["controllerConfig"] = new Dictionary<string, object>
        {
            ["featureGates"] = new Dictionary<string, object> { ["ALBGatewayAPI"] = false, ["NLBGatewayAPI"] = false },
        },
        ["enableShield"] = false,
        ["enableWaf"] = false,
        ["enableWafv2"] = false,

        ["replicaCount"] = foundation.Zones,
        ["podDisruptionBudget"] = new Dictionary<string, object> { ["maxUnavailable"] = 1 },
        ["topologySpreadConstraints"] = ZoneSpread.Of(foundation.Zones, (Instance, Name)).Values(),
        ["priorityClassName"] = PriorityClasses.High,
        ["nodeSelector"] = new Dictionary<string, object> { [NodePool.Label] = NodePool.System },
        ["tolerations"] = new[] { new Dictionary<string, object> { ["key"] = NodePool.SystemTaint, ["operator"] = "Exists" } },
        ["resources"] = new ContainerSize("100m", "500m", "256Mi", "128Mi").Values(),
        ["podSecurityContext"] = new Dictionary<string, object>
        {
            ["fsGroup"] = 65534,
            ["seccompProfile"] = new Dictionary<string, object> { ["type"] = "RuntimeDefault" },
        },
        ["securityContext"] = new Dictionary<string, object>(Hardening.ContainerValues()) { ["runAsNonRoot"] = true },
        ["serviceMonitor"] = new Dictionary<string, object> { ["enabled"] = true },
    };
}
