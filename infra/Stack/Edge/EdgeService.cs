using System.Collections.Immutable;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Edge;

/// <summary>What the Services of both kinds of load balancer have in common.</summary>
internal static class EdgeService
{
    /// <summary>Annotation from which external-dns reads the names for the load balancer.</summary>
    public const string NamesAnnotation = "external-dns.alpha.kubernetes.io/hostname";

    /// <summary>Annotation from which external-dns reads the target of the names, if it is not the Service's own load balancer.</summary>
    public const string TargetAnnotation = "external-dns.alpha.kubernetes.io/target";

    /// <summary>Domains of the sites that are in a hosted zone of the settings.</summary>
    public static ImmutableArray<string> Names(EdgeSettings settings, ImmutableArray<SiteSettings> sites) =>
        [.. sites.Select(site => site.Domain).Where(domain => settings.HostedZoneOf(domain) is not null)];

    /// <summary>Lets the load balancer reach the proxies. They see its own addresses, which are in the public subnets.</summary>
    public static Kubernetes.Networking.V1.NetworkPolicy AllowIngress(string name, string policy, Foundation foundation, Resource parent, params int[] ports) => new(
        name,
        new NetworkPolicyArgs
        {
            Metadata = new ObjectMetaArgs { Name = policy, Namespace = ClusterNamespaces.Platform },
            Spec = new NetworkPolicySpecArgs
            {
                PodSelector = new LabelSelectorArgs { MatchLabels = Pods() },
                PolicyTypes = { "Ingress" },
                Ingress =
                {
                    new NetworkPolicyIngressRuleArgs
                    {
                        From = foundation.Network.Plan.Public
                            .Select(cidr => new NetworkPolicyPeerArgs { IpBlock = new IPBlockArgs { Cidr = cidr.ToString() } })
                            .ToArray(),
                        Ports = ports.Select(port => new NetworkPolicyPortArgs { Protocol = "TCP", Port = port }).ToArray(),
                    },
                },
            },
        },
        new CustomResourceOptions { Parent = parent, Provider = foundation.Provider, DependsOn = foundation.Ready });

    /// <summary>Labels of the proxies.</summary>
    public static Dictionary<string, string> Pods() => GatewayFleet.PodLabels.ToDictionary(label => label.Key, label => label.Value);
}

/// <summary>An object of Gateway API, Envoy Gateway, cert-manager or the Prometheus operator: a kind of its own, and a specification.</summary>
public sealed class EdgeObjectArgs(string apiVersion, string kind) : CustomResourceArgs(apiVersion, kind)
{
    [Input("spec", required: true)]
    public InputMap<object> Spec { get; set; } = null!;
}
