using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="EdgeLoadBalancer"/>.</summary>
public sealed record EdgeLoadBalancerArgs
{
    public required EdgeSettings Settings { get; init; }

    public required ImmutableArray<SiteSettings> Sites { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>The controller that makes it, and that must still be there to delete it.</summary>
    public required LoadBalancerController Controller { get; init; }

    public required PublicGateway Gateway { get; init; }
}

/// <summary>
/// The network load balancer in front of the gateway. Its Service is declared here and not by the gateway controller, so that Pulumi waits
/// until it is there, knows its address, and at the end waits until it is gone before it takes the controllers away: else the load balancer
/// would stay, and with it the subnets and the VPC.
/// </summary>
public sealed class EdgeLoadBalancer : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:LoadBalancer";

    private const string Prefix = "service.beta.kubernetes.io/aws-load-balancer-";

    // Proxies listen 10000 above a well-known port, for which they would need a privilege:
    // https://github.com/envoyproxy/gateway/blob/v1.9.0/internal/gatewayapi/translator.go
    private const int Http = 80, Https = 443, Shift = 10000;

    public EdgeLoadBalancer(string name, EdgeLoadBalancerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var pods = GatewayFleet.PodLabels.ToDictionary(label => label.Key, label => label.Value);
        var firewall = new Kubernetes.Networking.V1.NetworkPolicy(
            name,
            new NetworkPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Name = "allow-load-balancer", Namespace = ClusterNamespaces.Platform },
                Spec = new NetworkPolicySpecArgs
                {
                    PodSelector = new LabelSelectorArgs { MatchLabels = pods },
                    PolicyTypes = { "Ingress" },
                    Ingress = { FromLoadBalancer(foundation) },
                },
            },
            new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready });
        var service = new Kubernetes.Core.V1.Service(
            name,
            new ServiceArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = "edge-load-balancer",
                    Namespace = ClusterNamespaces.Platform,
                    Annotations = Annotations(args.Settings, args.Sites),
                },
                Spec = new ServiceSpecArgs
                {
                    Type = "LoadBalancer",
                    LoadBalancerClass = LoadBalancerController.Class,
                    AllocateLoadBalancerNodePorts = false,
                    Selector = pods,
                    Ports = { Port("http", Http), Port("https", Https) },
                },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = foundation.Provider,
                DependsOn = { args.Controller, args.Gateway, firewall },

                // A network load balancer takes minutes to come and to go.
                CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(20), Delete = TimeSpan.FromMinutes(20) },
            });
        RegisterOutputs(new Dictionary<string, object?> { ["service"] = service.Id });
    }

    // Targets see the load balancer's own addresses, which are in the public subnets; the client's comes by the proxy protocol.
    private static NetworkPolicyIngressRuleArgs FromLoadBalancer(Foundation foundation) => new()
    {
        From = foundation.Network.Plan.Public
            .Select(cidr => new NetworkPolicyPeerArgs { IpBlock = new IPBlockArgs { Cidr = cidr.ToString() } })
            .ToArray(),
        Ports = new[] { Shift + Http, Shift + Https }
            .Select(port => new NetworkPolicyPortArgs { Protocol = "TCP", Port = port })
            .ToArray(),
    };

    // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
    private static Dictionary<string, string> Annotations(EdgeSettings settings, ImmutableArray<SiteSettings> sites)
    {
        var annotations = new Dictionary<string, string>
        {
            [$"{Prefix}scheme"] = "internet-facing",
            [$"{Prefix}nlb-target-type"] = "ip",
            [$"{Prefix}proxy-protocol"] = "*",
            [$"{Prefix}attributes"] = Pairs(
                ("deletion_protection.enabled", settings.DeletionProtection ? "true" : "false"),
                ("load_balancing.cross_zone.enabled", "true"),
                ("zonal_shift.config.enabled", "true")),

            // With cross-zone balancing a zonal shift needs the last one off:
            // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-zonal-shift.html
            [$"{Prefix}target-group-attributes"] = Pairs(
                ("preserve_client_ip.enabled", "false"),
                ("deregistration_delay.timeout_seconds", "120"),
                ("target_health_state.unhealthy.connection_termination.enabled", "false")),
            [$"{Prefix}healthcheck-protocol"] = "http",
            [$"{Prefix}healthcheck-port"] = $"{Shift + Http}",
            [$"{Prefix}healthcheck-path"] = GatewayFleet.HealthPath,
            [$"{Prefix}healthcheck-interval"] = "10",
            [$"{Prefix}healthcheck-healthy-threshold"] = "2",
            [$"{Prefix}healthcheck-unhealthy-threshold"] = "2",
        };

        var names = sites.Select(site => site.Domain).Where(domain => settings.HostedZones.Keys.Any(zone => DomainName.IsUnder(domain, zone)));
        if (names.Any())
            annotations["external-dns.alpha.kubernetes.io/hostname"] = string.Join(',', names);
        return annotations;
    }

    private static string Pairs(params ReadOnlySpan<(string Key, string Value)> pairs)
    {
        var texts = new List<string>();
        foreach (var (key, value) in pairs)
            texts.Add($"{key}={value}");
        return string.Join(',', texts);
    }

    private static ServicePortArgs Port(string name, int port) => new() { Name = name, Port = port, TargetPort = Shift + port, Protocol = "TCP" };
}
