using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="GatewayFleet"/>.</summary>
public sealed record GatewayFleetArgs
{
    public required EdgeSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required GatewayController Controller { get; init; }
}

/// <summary>The proxies: number, placement and size of the Envoys, and how they start and stop without losing requests.</summary>
public sealed class GatewayFleet : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:GatewayFleet";

    /// <summary>Name of the GatewayClass, of the Gateway of that class, and of what describes its proxies.</summary>
    public const string Name = "edge";

    /// <summary>
    /// Health check of a proxy by the load balancer; it fails as soon as the proxy drains. It uses the traffic port, since the load balancer's own
    /// checks begin with the header of the proxy protocol too, which the proxy's readiness port cannot read.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html (health check connections)</remarks>
    public const string HealthPath = "/.edge/healthy";

    // A load balancer takes a minute or two until it sends to a new target, and Kubernetes does not know: without the wait an update would
    // replace all proxies before the first new one gets a request.
    private const int TargetRegistrationSeconds = 120;

    /// <summary>Labels that the controller puts on the proxies of the one gateway.</summary>
    /// <remarks>https://github.com/envoyproxy/gateway/blob/v1.9.0/internal/infrastructure/kubernetes/proxy/resource.go</remarks>
    public static readonly (string Key, string Value)[] PodLabels =
    [
        ("app.kubernetes.io/name", "envoy"),
        ("app.kubernetes.io/component", "proxy"),
        ("gateway.envoyproxy.io/owning-gateway-name", Name),
        ("gateway.envoyproxy.io/owning-gateway-namespace", ClusterNamespaces.Platform),
    ];

    private readonly Foundation _foundation;

    public GatewayFleet(string name, GatewayFleetArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _foundation = args.Foundation;
        var proxies = Declare(
            name,
            new EdgeObjectArgs("gateway.envoyproxy.io/v1alpha1", "EnvoyProxy")
            {
                Metadata = new ObjectMetaArgs { Name = Name, Namespace = ClusterNamespaces.Platform },
                Spec = Proxies(args.Settings, _foundation.Zones),
            },
            args.Controller);
        _ = Declare(
            $"{name}-class",
            new EdgeObjectArgs("gateway.networking.k8s.io/v1", "GatewayClass")
            {
                Metadata = new ObjectMetaArgs { Name = Name },
                Spec = new Dictionary<string, object>
                {
                    ["controllerName"] = GatewayController.ControllerName,
                    ["parametersRef"] = new Dictionary<string, object>
                    {
                        ["group"] = "gateway.envoyproxy.io",
                        ["kind"] = "EnvoyProxy",
                        ["name"] = Name,
                        ["namespace"] = ClusterNamespaces.Platform,
                    },
                },
            },
            proxies);
        Watch("gateway-proxies", "/stats/prometheus", PodLabels, args.Platform);
        Watch("gateway-controller", "/metrics", [GatewayController.Label], args.Platform);
        RegisterOutputs();
    }

    // https://gateway.envoyproxy.io/docs/api/extension_types/#envoyproxyspec
    private static Dictionary<string, object> Proxies(EdgeSettings settings, int zones) => new()
    {
        ["provider"] = new Dictionary<string, object>
        {
            ["type"] = "Kubernetes",
            ["kubernetes"] = new Dictionary<string, object>
            {
                ["envoyDeployment"] = Deployment(zones),
                ["envoyHpa"] = new Dictionary<string, object>
                {
                    ["minReplicas"] = settings.MinReplicas,
                    ["maxReplicas"] = settings.MaxReplicas,
                    ["metrics"] = new[] { CpuMetric() },
                },
                ["envoyPDB"] = new Dictionary<string, object> { ["maxUnavailable"] = 1 },

                // The load balancer's Service is ours (see EdgeLoadBalancer); the controller's own stays inside the cluster.
                ["envoyService"] = new Dictionary<string, object> { ["type"] = "ClusterIP" },
            },
        },

        // The load balancer forgets a target within a minute; until then new connections still come, and none is refused.
        ["shutdown"] = new Dictionary<string, object> { ["minDrainDuration"] = "60s", ["drainTimeout"] = "120s" },
    };

    private static Dictionary<string, object> Deployment(int zones) => new()
    {
        ["strategy"] = new Dictionary<string, object>
        {
            ["type"] = "RollingUpdate",
            ["rollingUpdate"] = new Dictionary<string, object> { ["maxUnavailable"] = 0, ["maxSurge"] = 1 },
        },
        ["pod"] = new Dictionary<string, object>
        {
            ["topologySpreadConstraints"] = ZoneSpread.Of(zones, PodLabels).Values(),
            ["priorityClassName"] = PriorityClasses.High,
        },
        ["container"] = new Dictionary<string, object>
        {
            ["image"] = Pins.EnvoyImage,
            ["resources"] = new ContainerSize("500m", "2", "1Gi", "512Mi").Values(),
        },
        ["patch"] = new Dictionary<string, object>
        {
            ["type"] = "StrategicMerge",
            ["value"] = new Dictionary<string, object> { ["spec"] = new Dictionary<string, object> { ["minReadySeconds"] = TargetRegistrationSeconds } },
        },
    };

    private static Dictionary<string, object> CpuMetric() => new()
    {
        ["type"] = "Resource",
        ["resource"] = new Dictionary<string, object>
        {
            ["name"] = "cpu",
            ["target"] = new Dictionary<string, object> { ["type"] = "Utilization", ["averageUtilization"] = 60 },
        },
    };

    private void Watch(string name, string path, (string Key, string Value)[] labels, PlatformServices platform) => _ = Declare(
        name,
        new EdgeObjectArgs("monitoring.coreos.com/v1", "PodMonitor")
        {
            Metadata = new ObjectMetaArgs { Name = name, Namespace = ClusterNamespaces.Platform },
            Spec = new Dictionary<string, object>
            {
                ["selector"] = new Dictionary<string, object>
                {
                    ["matchLabels"] = labels.ToDictionary(label => label.Key, label => (object)label.Value),
                },
                ["podMetricsEndpoints"] = new[] { new Dictionary<string, object> { ["port"] = "metrics", ["path"] = path } },
            },
        },
        [.. platform.MonitorsReady]);

    private Kubernetes.ApiExtensions.CustomResource Declare(string name, EdgeObjectArgs args, params Resource[] after) => new(
        name,
        args,
        new CustomResourceOptions { Parent = this, Provider = _foundation.Provider, DependsOn = (Resource[])[.. _foundation.Ready, .. after] });
}
