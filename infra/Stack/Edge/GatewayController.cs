using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="GatewayController"/>.</summary>
public sealed record GatewayControllerArgs
{
    public required Foundation Foundation { get; init; }
}

/// <summary>
/// Envoy Gateway, and with it the definitions of Gateway API. cert-manager does not start before these are there when it is told to use them,
/// so this comes before the platform's other services and needs none of them.
/// </summary>
/// <remarks>
/// Helm makes definitions once and never changes them: before a new version of the chart, apply those of its <c>crds</c> folder by hand
/// (https://gateway.envoyproxy.io/docs/install/install-helm/#upgrading-from-the-previous-version).
/// </remarks>
public sealed class GatewayController : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:GatewayController";

    /// <summary>The controller name in a GatewayClass.</summary>
    public const string ControllerName = "gateway.envoyproxy.io/gatewayclass-controller";

    /// <summary>Label of its pods.</summary>
    public static readonly (string Key, string Value) Label = ("control-plane", "envoy-gateway");

    // One leads, the others serve configuration to the proxies; proxies continue with their last configuration while all controllers are down.
    private const int Replicas = 2;

    public GatewayController(string name, GatewayControllerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        _ = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = Pins.EnvoyGateway,
                Name = "envoy-gateway",
                Namespace = ClusterNamespaces.Platform,
                Values = Values(foundation.Zones),
                Provider = foundation.Provider,
                After = foundation.Ready,
            },
            this);
        RegisterOutputs();
    }

    // https://github.com/envoyproxy/gateway/blob/v1.9.0/charts/gateway-helm/values.tmpl.yaml
    private static Dictionary<string, object> Values(int zones) => new()
    {
        ["deployment"] = new Dictionary<string, object>
        {
            ["replicas"] = Replicas,
            ["priorityClassName"] = PriorityClasses.High,
            ["envoyGateway"] = new Dictionary<string, object> { ["resources"] = new ContainerSize("100m", "1", "1Gi", "256Mi").Values() },
            ["pod"] = new Dictionary<string, object>
            {
                ["topologySpreadConstraints"] = ZoneSpread.Of(zones, Label).Values(),
                ["nodeSelector"] = new Dictionary<string, object> { [NodePool.Label] = NodePool.System },
                ["tolerations"] = new[] { new Dictionary<string, object> { ["key"] = NodePool.SystemTaint, ["operator"] = "Exists" } },
            },
        },
        ["podDisruptionBudget"] = new Dictionary<string, object> { ["maxUnavailable"] = 1 },
        ["certgen"] = new Dictionary<string, object>
        {
            ["job"] = new Dictionary<string, object> { ["resources"] = new ContainerSize("50m", "400m", "128Mi", "64Mi").Values() },
        },
    };
}
