using System.Collections.Immutable;
using HaCluster.Stack.Alarms;
using HaCluster.Stack.Edge.Firewall;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Sites;
using Pulumi;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="ClusterEdge"/>.</summary>
public sealed record ClusterEdgeArgs
{
    public required EdgeSettings Settings { get; init; }

    /// <summary>The sites that the gateway has listeners for.</summary>
    public required ImmutableArray<SiteSettings> Sites { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required GatewayController Controller { get; init; }

    /// <summary>Where its alarms go.</summary>
    public required AlarmTopics Alarms { get; init; }
}

/// <summary>Load balancers, gateway, public certificates, names; a firewall if it is wanted.</summary>
public sealed class ClusterEdge : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:Edge";

    private readonly PublicGateway _gateway;

    public ClusterEdge(string name, ClusterEdgeArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new ComponentResourceOptions { Parent = this };
        var loadBalancers = new LoadBalancerController(
            "load-balancer-controller",
            new LoadBalancerControllerArgs { Foundation = args.Foundation, Platform = args.Platform },
            child);
        var fleet = new GatewayFleet(
            "gateway-fleet",
            new GatewayFleetArgs { Settings = args.Settings, Foundation = args.Foundation, Platform = args.Platform, Controller = args.Controller },
            child);
        HasCertificatesOfSites = !args.Settings.Waf.IsEnabled;
        _gateway = new PublicGateway(
            "gateway",
            new PublicGatewayArgs { Sites = args.Sites, Foundation = args.Foundation, Fleet = fleet, IsBehindFirewall = args.Settings.Waf.IsEnabled },
            child);
        Ready = args.Settings.Waf.IsEnabled ? [_gateway, Guarded(args, loadBalancers, child)] : [_gateway, Open(args, loadBalancers, child)];
        if (!args.Settings.HostedZones.IsEmpty)
        {
            _ = new ExternalDns(
                "external-dns",
                new ExternalDnsArgs { HostedZones = args.Settings.HostedZones, Foundation = args.Foundation, Platform = args.Platform },
                child);
        }

        RegisterOutputs();
    }

    /// <summary>What must be there before the route and the certificate of a site.</summary>
    public ImmutableArray<Resource> Ready { get; }

    /// <summary>Whether each site shows a certificate of its own at the gateway; behind the firewall the load balancer has them.</summary>
    public bool HasCertificatesOfSites { get; }

    /// <summary>Listener of the gateway that a site's route belongs to.</summary>
    public string ListenerOf(SiteSettings site) => _gateway.ListenerOf(site);

    private PublicIssuer Open(ClusterEdgeArgs args, LoadBalancerController controller, ComponentResourceOptions child)
    {
        _ = new EdgeLoadBalancer(
            "edge-load-balancer",
            new EdgeLoadBalancerArgs
            {
                Settings = args.Settings,
                Sites = args.Sites,
                Foundation = args.Foundation,
                Controller = controller,
                Gateway = _gateway,
            },
            child);
        return new PublicIssuer(
            "public-issuer",
            new PublicIssuerArgs { Settings = args.Settings, Foundation = args.Foundation, Platform = args.Platform, Gateway = _gateway },
            child);
    }

    private SiteNames Guarded(ClusterEdgeArgs args, LoadBalancerController controller, ComponentResourceOptions child)
    {
        var certificates = new EdgeCertificates(
            "edge-certificates",
            new EdgeCertificatesArgs { Settings = args.Settings, Sites = args.Sites, Scope = args.Foundation.Scope },
            child);
        var balancer = new ApplicationBalancer(
            "edge-balancer",
            new ApplicationBalancerArgs
            {
                Settings = args.Settings,
                Sites = args.Sites,
                Foundation = args.Foundation,
                Platform = args.Platform,
                Controller = controller,
                Gateway = _gateway,
                CertificateArns = certificates.Arns,
                TopicArn = args.Alarms.CriticalArn,
            },
            child);
        _ = new WebFirewall(
            "edge-firewall",
            new WebFirewallArgs
            {
                Settings = args.Settings.Waf,
                Foundation = args.Foundation,
                BalancerArn = balancer.Arn,
                TopicArn = args.Alarms.CriticalArn,
            },
            child);
        return new SiteNames("site-names", new SiteNamesArgs { Sites = args.Sites, Foundation = args.Foundation }, child);
    }
}
