using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="PublicGateway"/>.</summary>
public sealed record PublicGatewayArgs
{
    public required ImmutableArray<SiteSettings> Sites { get; init; }

    public required Foundation Foundation { get; init; }

    public required GatewayFleet Fleet { get; init; }
}

/// <summary>
/// The one gateway: a listener for plain HTTP that only redirects and answers certificate challenges, and one for each site. A listener takes
/// routes from the namespace of its site only, so that no other workload can claim a domain; keys stay in the namespace of the gateway.
/// </summary>
public sealed class PublicGateway : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:Gateway";

    /// <summary>Listener for plain HTTP.</summary>
    public const string HttpListener = "http";

    private const string GatewayApi = "gateway.networking.k8s.io/v1";
    private const string EnvoyApi = "gateway.envoyproxy.io/v1alpha1";

    private readonly Foundation _foundation;

    public PublicGateway(string name, PublicGatewayArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _foundation = args.Foundation;
        var gateway = Declare(name, GatewayFleet.Name, GatewayApi, "Gateway", Gateway(args.Sites), args.Fleet);
        _ = Declare($"{name}-clients", "clients", EnvoyApi, "ClientTrafficPolicy", Clients(), gateway);
        _ = Declare($"{name}-backends", "backends", EnvoyApi, "BackendTrafficPolicy", Backends(), gateway);
        _ = Declare($"{name}-redirect", "to-https", GatewayApi, "HTTPRoute", Redirect(), gateway);
        RegisterOutputs();
    }

    /// <summary>A route's way to say that it belongs to a listener of this gateway.</summary>
    public static Dictionary<string, object> ParentRef(string listener) => new()
    {
        ["group"] = "gateway.networking.k8s.io",
        ["kind"] = "Gateway",
        ["name"] = GatewayFleet.Name,
        ["namespace"] = ClusterNamespaces.Platform,
        ["sectionName"] = listener,
    };

    /// <summary>Listener of a site.</summary>
    public static string ListenerOf(SiteSettings site) => site.Namespace.Name;

    /// <summary>Secret with the certificate of a site, in the namespace of the gateway.</summary>
    public static string CertificateOf(SiteSettings site) => $"{site.Namespace.Name}-tls";

    private static Dictionary<string, object> Gateway(ImmutableArray<SiteSettings> sites) => new()
    {
        ["gatewayClassName"] = GatewayFleet.Name,
        ["listeners"] = new[] { HttpOnly() }.Concat(sites.Select(Https)).ToArray(),
    };

    private static Dictionary<string, object> HttpOnly() => new()
    {
        ["name"] = HttpListener,
        ["protocol"] = "HTTP",
        ["port"] = 80,
        ["allowedRoutes"] = new Dictionary<string, object> { ["namespaces"] = new Dictionary<string, object> { ["from"] = "Same" } },
    };

    private static Dictionary<string, object> Https(SiteSettings site) => new()
    {
        ["name"] = ListenerOf(site),
        ["protocol"] = "HTTPS",
        ["port"] = 443,
        ["hostname"] = site.Domain,
        ["tls"] = new Dictionary<string, object>
        {
            ["mode"] = "Terminate",
            ["certificateRefs"] = new[] { new Dictionary<string, object> { ["kind"] = "Secret", ["name"] = CertificateOf(site) } },
        },
        ["allowedRoutes"] = new Dictionary<string, object>
        {
            ["kinds"] = new[] { new Dictionary<string, object> { ["kind"] = "HTTPRoute" } },
            ["namespaces"] = new Dictionary<string, object>
            {
                ["from"] = "Selector",
                ["selector"] = new Dictionary<string, object>
                {
                    ["matchLabels"] = new Dictionary<string, object> { ["kubernetes.io/metadata.name"] = site.Namespace.Name },
                },
            },
        },
    };

    // https://gateway.envoyproxy.io/docs/api/extension_types/#clienttrafficpolicyspec
    private static Dictionary<string, object> Clients() => new()
    {
        ["targetRefs"] = Target(),

        // The load balancer tells the client's address in front of each connection; a connection without it does not come from there.
        ["proxyProtocol"] = new Dictionary<string, object> { ["optional"] = false },
        ["healthCheck"] = new Dictionary<string, object> { ["path"] = GatewayFleet.HealthPath },
        ["tls"] = new Dictionary<string, object> { ["minVersion"] = "1.2" },
        ["tcpKeepalive"] = new Dictionary<string, object> { ["probes"] = 3, ["idleTime"] = "60s", ["interval"] = "10s" },

        // A network load balancer forgets idle connections after 350 seconds without a word to either side: the proxy closes them before.
        ["timeout"] = new Dictionary<string, object>
        {
            ["http"] = new Dictionary<string, object> { ["idleTimeout"] = "300s", ["requestHeadersReceivedTimeout"] = "10s" },
        },
    };

    // https://gateway.envoyproxy.io/docs/api/extension_types/#backendtrafficpolicyspec. Kubernetes takes 40 seconds and more to notice a dead
    // node; a proxy notices at the next connection. Only what no replica has seen is sent again.
    private static Dictionary<string, object> Backends() => new()
    {
        ["targetRefs"] = Target(),
        ["timeout"] = new Dictionary<string, object> { ["tcp"] = new Dictionary<string, object> { ["connectTimeout"] = "2s" } },
        ["retry"] = new Dictionary<string, object>
        {
            ["numRetries"] = 2,
            ["retryOn"] = new Dictionary<string, object> { ["triggers"] = new[] { "connect-failure", "refused-stream", "reset-before-request" } },
        },
        ["healthCheck"] = new Dictionary<string, object>
        {
            ["passive"] = new Dictionary<string, object>
            {
                ["splitExternalLocalOriginErrors"] = true,
                ["consecutiveLocalOriginFailures"] = 3,
                ["consecutiveGatewayErrors"] = 5,
                ["interval"] = "2s",
                ["baseEjectionTime"] = "30s",
                ["maxEjectionPercent"] = 50,
            },
        },
    };

    // A challenge of the certificate authority names its host and whole path, and so goes before this.
    private static Dictionary<string, object> Redirect() => new()
    {
        ["parentRefs"] = new[] { ParentRef(HttpListener) },
        ["rules"] = new[]
        {
            new Dictionary<string, object>
            {
                ["filters"] = new[]
                {
                    new Dictionary<string, object>
                    {
                        ["type"] = "RequestRedirect",
                        ["requestRedirect"] = new Dictionary<string, object> { ["scheme"] = "https", ["statusCode"] = 301 },
                    },
                },
            },
        },
    };

    private static Dictionary<string, object>[] Target() =>
        [new() { ["group"] = "gateway.networking.k8s.io", ["kind"] = "Gateway", ["name"] = GatewayFleet.Name }];

    private Kubernetes.ApiExtensions.CustomResource Declare(
        string name, string objectName, string api, string kind, Dictionary<string, object> spec, Resource after) => new(
        name,
        new EdgeObjectArgs(api, kind)
        {
            Metadata = new ObjectMetaArgs { Name = objectName, Namespace = ClusterNamespaces.Platform },
            Spec = spec,
        },
        new CustomResourceOptions { Parent = this, Provider = _foundation.Provider, DependsOn = { after } });
}
