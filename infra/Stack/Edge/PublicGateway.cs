using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;
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

    /// <summary>Whether an application load balancer with certificates of its own is in front, which opens new connections to the proxies.</summary>
    public required bool IsBehindFirewall { get; init; }
}

/// <summary>
/// The one gateway: a listener for plain HTTP that only redirects and answers certificate challenges, and one for each site. A listener takes
/// routes from the namespace of its site only, so that no other workload can claim a domain; keys stay in the namespace of the gateway.
/// </summary>
/// <remarks>
/// Behind the firewall there is one listener for all sites: an application load balancer does not send the client's server name to a target
/// before the request itself, so listeners could not be distinguished. Which route may use which domain is then enforced by <see cref="Firewall.SiteNames"/>.
/// </remarks>
public sealed class PublicGateway : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:Gateway";

    /// <summary>Listener for plain HTTP.</summary>
    public const string HttpListener = "http";

    /// <summary>Secret with the certificate that the proxies show a load balancer with certificates of its own.</summary>
    public const string InnerCertificate = "edge-tls";

    private const string GatewayApi = "gateway.networking.k8s.io/v1";
    private const string EnvoyApi = "gateway.envoyproxy.io/v1alpha1";

    private const string SharedListener = "https";
    private const string NamespaceName = "kubernetes.io/metadata.name";

    private readonly Foundation _foundation;
    private readonly bool _isBehindFirewall;

    public PublicGateway(string name, PublicGatewayArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _foundation = args.Foundation;
        _isBehindFirewall = args.IsBehindFirewall;
        var gateway = Declare(name, GatewayFleet.Name, GatewayApi, "Gateway", Gateway(args.Sites), args.Fleet);
        _ = Declare($"{name}-clients", "clients", EnvoyApi, "ClientTrafficPolicy", Clients(), gateway);
        _ = Declare($"{name}-backends", "backends", EnvoyApi, "BackendTrafficPolicy", Backends(), gateway);
        if (!_isBehindFirewall)
            _ = Declare($"{name}-redirect", "to-https", GatewayApi, "HTTPRoute", Redirect(), gateway);
        RegisterOutputs();
    }

    /// <summary>Reference from a route to a listener of this gateway.</summary>
    public static Dictionary<string, object> ParentRef(string listener) => new()
    {
        ["group"] = "gateway.networking.k8s.io",
        ["kind"] = "Gateway",
        ["name"] = GatewayFleet.Name,
        ["namespace"] = ClusterNamespaces.Platform,
        ["sectionName"] = listener,
    };

    /// <summary>Listener of a site.</summary>
    public string ListenerOf(SiteSettings site) => _isBehindFirewall ? SharedListener : site.Namespace.Name;

    /// <summary>Secret with the certificate of a site, in the namespace of the gateway.</summary>
    public static string CertificateOf(SiteSettings site) => $"{site.Namespace.Name}-tls";

    private Dictionary<string, object> Gateway(ImmutableArray<SiteSettings> sites) => new()
    {
        ["gatewayClassName"] = GatewayFleet.Name,
        ["listeners"] = _isBehindFirewall ? [Shared(sites)] : new[] { HttpOnly() }.Concat(sites.Select(Https)).ToArray(),
    };

    private static Dictionary<string, object> HttpOnly() => new()
    {
        ["name"] = HttpListener,
        ["protocol"] = "HTTP",
        ["port"] = 80,
        ["allowedRoutes"] = new Dictionary<string, object> { ["namespaces"] = new Dictionary<string, object> { ["from"] = "Same" } },
    };

    private Dictionary<string, object> Https(SiteSettings site)
    {
        var listener = Terminating(ListenerOf(site), CertificateOf(site), new Dictionary<string, object>
        {
            ["matchLabels"] = new Dictionary<string, object> { [NamespaceName] = site.Namespace.Name },
        });
        listener["hostname"] = site.Domain;
        return listener;
    }

    private static Dictionary<string, object> Shared(ImmutableArray<SiteSettings> sites) =>
        Terminating(SharedListener, InnerCertificate, new Dictionary<string, object>
        {
            ["matchExpressions"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["key"] = NamespaceName,
                    ["operator"] = "In",
                    ["values"] = sites.Select(site => site.Namespace.Name).ToArray(),
                },
            },
        });

    private static Dictionary<string, object> Terminating(string name, string certificate, Dictionary<string, object> selector) => new()
    {
        ["name"] = name,
        ["protocol"] = "HTTPS",
        ["port"] = 443,
        ["tls"] = new Dictionary<string, object>
        {
            ["mode"] = "Terminate",
            ["certificateRefs"] = new[] { new Dictionary<string, object> { ["kind"] = "Secret", ["name"] = certificate } },
        },
        ["allowedRoutes"] = new Dictionary<string, object>
        {
            ["kinds"] = new[] { new Dictionary<string, object> { ["kind"] = "HTTPRoute" } },
            ["namespaces"] = new Dictionary<string, object> { ["from"] = "Selector", ["selector"] = selector },
        },
    };

    // https://gateway.envoyproxy.io/docs/api/extension_types/#clienttrafficpolicyspec
    private Dictionary<string, object> Clients()
    {
        var clients = new Dictionary<string, object>
        {
            ["targetRefs"] = Target(),
            ["healthCheck"] = new Dictionary<string, object> { ["path"] = GatewayFleet.HealthPath },
            ["tls"] = new Dictionary<string, object> { ["minVersion"] = "1.2" },
            ["tcpKeepalive"] = new Dictionary<string, object> { ["probes"] = 3, ["idleTime"] = "60s", ["interval"] = "10s" },

            // A network load balancer forgets idle connections after 350 seconds without a word to either side: the proxy closes them before. An
            // application load balancer closes them itself after 60, and must close first: it may just be sending when the other side closes.
            ["timeout"] = new Dictionary<string, object>
            {
                ["http"] = new Dictionary<string, object> { ["idleTimeout"] = "300s", ["requestHeadersReceivedTimeout"] = "10s" },
            },
        };

        // The load balancer passes on the client's address: an application load balancer in a header, at the end of what the client itself wrote
        // there, which is trusted only from its subnets; a network load balancer in front of each connection, and a connection without that does
        // not come from there.
        if (_isBehindFirewall)
            clients["clientIPDetection"] = new Dictionary<string, object> { ["xForwardedFor"] = new Dictionary<string, object> { ["trustedCIDRs"] = Balancers() } };
        else
            clients["proxyProtocol"] = new Dictionary<string, object> { ["optional"] = false };
        return clients;
    }

    private string[] Balancers() => [.. _foundation.Network.Plan.Public.Select(cidr => cidr.ToString())];

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

    // A challenge of the CA has an exact host and path, so it takes precedence.
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
