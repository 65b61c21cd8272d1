using System.Collections.Immutable;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
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
/// until it exists, reads its address, and on deletion waits until it is gone before it removes the controllers: otherwise the load balancer
/// would stay, and with it the subnets and the VPC.
/// </summary>
public sealed class EdgeLoadBalancer : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:LoadBalancer";

    private const string Prefix = "service.beta.kubernetes.io/aws-load-balancer-";

    public EdgeLoadBalancer(string name, EdgeLoadBalancerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;

        // The proxy protocol transmits the client's address.
        var firewall = EdgeService.AllowIngress(name, "allow-load-balancer", foundation, this, EdgePorts.ProxyHttp, EdgePorts.ProxyHttps);
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
                    Selector = EdgeService.Pods(),
                    Ports = { Port("http", EdgePorts.Http, EdgePorts.ProxyHttp), Port("https", EdgePorts.Https, EdgePorts.ProxyHttps) },
                },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = foundation.Provider,
                DependsOn = { args.Controller, args.Gateway, firewall },

                // A network load balancer takes minutes to create and to delete.
                CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(20), Delete = TimeSpan.FromMinutes(20) },
            });
        RegisterOutputs(new Dictionary<string, object?> { ["service"] = service.Id });
    }

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
            [$"{Prefix}healthcheck-port"] = $"{EdgePorts.ProxyHttp}",
            [$"{Prefix}healthcheck-path"] = GatewayFleet.HealthPath,
            [$"{Prefix}healthcheck-interval"] = "10",
            [$"{Prefix}healthcheck-healthy-threshold"] = "2",
            [$"{Prefix}healthcheck-unhealthy-threshold"] = "2",
        };

        var names = EdgeService.Names(settings, sites);
        if (!names.IsEmpty)
            annotations[EdgeService.NamesAnnotation] = string.Join(',', names);
        return annotations;
    }

    private static string Pairs(params ReadOnlySpan<(string Key, string Value)> pairs)
    {
        var texts = new List<string>();
        foreach (var (key, value) in pairs)
            texts.Add($"{key}={value}");
        return string.Join(',', texts);
    }

    private static ServicePortArgs Port(string name, int port, int target) => new() { Name = name, Port = port, TargetPort = target, Protocol = "TCP" };
}
