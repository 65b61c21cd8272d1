using System.Collections.Immutable;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Edge.Firewall;

/// <summary>Input of <see cref="ApplicationBalancer"/>.</summary>
public sealed record ApplicationBalancerArgs
{
    public required EdgeSettings Settings { get; init; }

    public required ImmutableArray<SiteSettings> Sites { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>The controller that registers the proxies as targets.</summary>
    public required LoadBalancerController Controller { get; init; }

    public required PublicGateway Gateway { get; init; }

    /// <summary>Certificates of the sites.</summary>
    public required ImmutableArray<Output<string>> CertificateArns { get; init; }

    /// <summary>Topic for the alarm when it has no proxy to send to.</summary>
    public required Output<string> TopicArn { get; init; }
}

/// <summary>
/// The application load balancer in front of the gateway, to which AWS WAF can be attached. It is declared here, in the subnets of all zones, and the load
/// balancer controller does no more than keep its targets: it needs no right over application load balancers. Clients' TLS ends at it, and it
/// opens TLS to the proxies, whose certificate it does not check: AWS does not, and network policy and security groups allow no other server to answer.
/// </summary>
public sealed class ApplicationBalancer : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:ApplicationBalancer";

    // Different names than those of the network load balancer: when the firewall is switched on, the new ones are created before the old ones are deleted.
    private const string Name = "edge-balancer";

    // TLS 1.3 and 1.2 with forward secrecy: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    private const string Tls = "ELBSecurityPolicy-TLS13-1-2-2021-06";

    // Shorter than that of the proxies (see PublicGateway).
    private const int IdleSeconds = 60;

    // The proxies drain for as long (see GatewayFleet).
    private const int DrainSeconds = 120;

    private readonly ApplicationBalancerArgs _args;

    public ApplicationBalancer(string name, ApplicationBalancerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var foundation = args.Foundation;
        var scope = foundation.Scope;
        _ = new InternalCertificate(
            $"{name}-inner",
            new InternalCertificateArgs
            {
                Foundation = foundation,
                Platform = args.Platform,
                Namespace = ClusterNamespaces.Platform,
                SecretName = PublicGateway.InnerCertificate,
                DnsNames = [$"{Name}.{ClusterNamespaces.Platform}.svc"],
            },
            new ComponentResourceOptions { Parent = this });
        var network = new ApplicationBalancerNetwork(
            $"{name}-network", new ApplicationBalancerNetworkArgs { Foundation = foundation }, new ComponentResourceOptions { Parent = this });

        // Load balancers and target groups have 32 characters for a name; the engine makes one up.
        var balancer = new Aws.LB.LoadBalancer(
            "edge",
            new Aws.LB.LoadBalancerArgs
            {
                LoadBalancerType = "application",
                Internal = false,
                Subnets = foundation.Network.PublicSubnetIds,
                SecurityGroups = { network.GroupId },
                EnableDeletionProtection = args.Settings.DeletionProtection,

                // With balancing over zones or without: https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.resource-types.app-load-balancers.html
                EnableZonalShift = true,
                DropInvalidHeaderFields = true,
                DesyncMitigationMode = "defensive",
                IdleTimeout = IdleSeconds,

                // What the client wrote stays in front, and the proxies read from the end.
                XffHeaderProcessingMode = "append",

                // Without the firewall, no traffic is accepted either.
                EnableWafFailOpen = false,
                Tags = scope.Tags.Named(scope.NameOf("edge")),
            },
            new CustomResourceOptions { Parent = this });
        Arn = balancer.Arn;
        var targets = CreateTargets();
        var listener = Listen(balancer, targets);
        Bind(name, balancer, targets, [listener, network]);
        new ApplicationBalancerAlarms(balancer, targets, scope, args.TopicArn).Declare(this);
        RegisterOutputs(new Dictionary<string, object?> { ["dnsName"] = balancer.DnsName });
    }

    public Output<string> Arn { get; }

    private Aws.LB.TargetGroup CreateTargets()
    {
        var scope = _args.Foundation.Scope;
        return new Aws.LB.TargetGroup(
            "edge",
            new Aws.LB.TargetGroupArgs
            {
                TargetType = "ip",
                Protocol = "HTTPS",
                Port = EdgePorts.ProxyHttps,
                VpcId = _args.Foundation.Network.VpcId,
                DeregistrationDelay = DrainSeconds,
                LoadBalancingAlgorithmType = "least_outstanding_requests",

                // On the traffic port: a proxy that drains fails there, and so does one that cannot serve TLS.
                HealthCheck = new Aws.LB.Inputs.TargetGroupHealthCheckArgs
                {
                    Enabled = true,
                    Protocol = "HTTPS",
                    Port = "traffic-port",
                    Path = GatewayFleet.HealthPath,
                    Matcher = "200",
                    Interval = 10,
                    Timeout = 5,
                    HealthyThreshold = 2,
                    UnhealthyThreshold = 2,
                },
                Tags = scope.Tags.Named(scope.NameOf("edge")),
            },
            new CustomResourceOptions { Parent = this });
    }

    private Aws.LB.Listener Listen(Aws.LB.LoadBalancer balancer, Aws.LB.TargetGroup targets)
    {
        var scope = _args.Foundation.Scope;
        var child = new CustomResourceOptions { Parent = this };
        _ = new Aws.LB.Listener(
            "edge-http",
            new Aws.LB.ListenerArgs
            {
                LoadBalancerArn = balancer.Arn,
                Port = EdgePorts.Http,
                Protocol = "HTTP",
                DefaultActions =
                {
                    new Aws.LB.Inputs.ListenerDefaultActionArgs
                    {
                        Type = "redirect",
                        Redirect = new Aws.LB.Inputs.ListenerDefaultActionRedirectArgs { Protocol = "HTTPS", Port = $"{EdgePorts.Https}", StatusCode = "HTTP_301" },
                    },
                },
                Tags = scope.Tags.Named(scope.NameOf("edge-http")),
            },
            child);
        var https = new Aws.LB.Listener(
            "edge-https",
            new Aws.LB.ListenerArgs
            {
                LoadBalancerArn = balancer.Arn,
                Port = EdgePorts.Https,
                Protocol = "HTTPS",
                SslPolicy = Tls,
                CertificateArn = _args.CertificateArns[0],
                DefaultActions = { new Aws.LB.Inputs.ListenerDefaultActionArgs { Type = "forward", TargetGroupArn = targets.Arn } },
                Tags = scope.Tags.Named(scope.NameOf("edge-https")),
            },
            child);
        foreach (var (site, arn) in _args.Sites.Zip(_args.CertificateArns).Skip(1))
        {
            _ = new Aws.LB.ListenerCertificate(
                site.Namespace.Name, new Aws.LB.ListenerCertificateArgs { ListenerArn = https.Arn, CertificateArn = arn }, child);
        }

        return https;
    }

    // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
    private void Bind(string name, Aws.LB.LoadBalancer balancer, Aws.LB.TargetGroup targets, Resource[] after)
    {
        var foundation = _args.Foundation;
        var firewall = EdgeService.AllowIngress(name, "allow-application-balancer", foundation, this, EdgePorts.ProxyHttps);
        var service = new Kubernetes.Core.V1.Service(
            name,
            new ServiceArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = Name,
                    Namespace = ClusterNamespaces.Platform,

                    // The load balancer is not this Service's own, so external-dns needs the target of the names.
                    Annotations = new InputMap<string>
                    {
                        { EdgeService.NamesAnnotation, string.Join(',', EdgeService.Names(_args.Settings, _args.Sites)) },
                        { EdgeService.TargetAnnotation, balancer.DnsName },
                    },
                },
                Spec = new ServiceSpecArgs
                {
                    Type = "ClusterIP",
                    Selector = EdgeService.Pods(),
                    Ports = { new ServicePortArgs { Name = "https", Port = EdgePorts.Https, TargetPort = EdgePorts.ProxyHttps, Protocol = "TCP" } },
                },
            },
            new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = { _args.Gateway, firewall } });
        _ = new Kubernetes.ApiExtensions.CustomResource(
            name,
            new EdgeObjectArgs("elbv2.k8s.aws/v1beta1", "TargetGroupBinding")
            {
                Metadata = new ObjectMetaArgs { Name = Name, Namespace = ClusterNamespaces.Platform },
                Spec = new InputMap<object>
                {
                    ["targetGroupARN"] = targets.Arn.Apply(arn => (object)arn),
                    ["targetType"] = "ip",
                    ["vpcID"] = foundation.Network.VpcId.Apply(id => (object)id),
                    ["serviceRef"] = new Dictionary<string, object> { ["name"] = Name, ["port"] = EdgePorts.Https },
                },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = foundation.Provider,

                // The controller deregisters the targets when this is deleted, so it must outlive it.
                DependsOn = (Resource[])[_args.Controller, service, .. after],
            });
    }
}
