using System.Collections.Immutable;
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
}

/// <summary>Load balancers, gateway, public certificates, names.</summary>
public sealed class ClusterEdge : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:Edge";

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
        var gateway = new PublicGateway(
            "gateway",
            new PublicGatewayArgs { Sites = args.Sites, Foundation = args.Foundation, Fleet = fleet },
            child);
        _ = new EdgeLoadBalancer(
            "edge-load-balancer",
            new EdgeLoadBalancerArgs
            {
                Settings = args.Settings,
                Sites = args.Sites,
                Foundation = args.Foundation,
                Controller = loadBalancers,
                Gateway = gateway,
            },
            child);
        var issuer = new PublicIssuer(
            "public-issuer",
            new PublicIssuerArgs { Settings = args.Settings, Foundation = args.Foundation, Platform = args.Platform, Gateway = gateway },
            child);
        if (!args.Settings.HostedZones.IsEmpty)
        {
            _ = new ExternalDns(
                "external-dns",
                new ExternalDnsArgs { HostedZones = args.Settings.HostedZones, Foundation = args.Foundation, Platform = args.Platform },
                child);
        }

        Ready = [gateway, issuer];
        RegisterOutputs();
    }

    /// <summary>What must be there before the route and the certificate of a site.</summary>
    public ImmutableArray<Resource> Ready { get; }
}
