using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Network;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Guardrails;

/// <summary>Input of <see cref="NamespaceFirewall"/>.</summary>
public sealed record NamespaceFirewallArgs
{
    public required Kubernetes.Core.V1.Namespace Namespace { get; init; }

    public required NamespaceProfile Profile { get; init; }

    public required CidrPlan Addresses { get; init; }

    /// <summary>Cluster addresses of services.</summary>
    public required Ipv4Cidr ServiceCidr { get; init; }

    public required Kubernetes.Provider Provider { get; init; }
}

/// <summary>Network policies of a namespace: nothing in, nothing out, and then what is needed, one policy per reason.</summary>
public sealed class NamespaceFirewall : ComponentResource
{
    public const string TypeToken = "ha-cluster:guardrails:Firewall";

    private const int Dns = 53;
    private const int Http = 80;
    private const int Https = 443;

    // Where pods listen for the API server: webhooks of operators and controllers, and extensions of the API (6443).
    private static readonly int[] WebhookPorts = [6443, 8443, 9443, 10250];

    // The pod identity agent of each node (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html).
    private const string PodIdentityAgent = "169.254.170.23/32";

    // Private, shared, loopback and link-local space: an internet rule must not allow nodes, databases or instance metadata.
    private static readonly string[] PrivateRanges =
        ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

    private static readonly Ipv4Cidr Anywhere = Ipv4Cidr.Parse("0.0.0.0/0");

    private readonly string _name;
    private readonly NamespaceFirewallArgs _args;

    public NamespaceFirewall(string name, NamespaceFirewallArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _name = name;
        _args = args;

        Declare("default-deny", new NetworkPolicySpecArgs { PodSelector = Everything(), PolicyTypes = { "Ingress", "Egress" } });
        AllowOut("allow-dns", ClusterDns(), Port("UDP", Dns), Port("TCP", Dns));
        if (!args.Profile.IsClosed)
        {
            AllowIn("allow-namespace-in", new NetworkPolicyPeerArgs { PodSelector = Everything() });
            AllowOut("allow-namespace-out", new NetworkPolicyPeerArgs { PodSelector = Everything() });
            AllowIn("allow-monitoring", Namespace(ClusterNamespaces.Monitoring));
            AllowIn("allow-platform", Namespace(ClusterNamespaces.Platform));
        }

        AllowReach(args.Profile.Reach);

        // The API server calls from addresses that EKS takes in the subnets of endpoints. Without this, an object that a webhook watches can be
        // neither created nor changed.
        if (args.Profile.HasWebhooks)
            AllowIn("allow-webhooks", [.. args.Addresses.Endpoints.Select(Block)], [.. WebhookPorts.Select(port => Port("TCP", port))]);
        RegisterOutputs();
    }

    private void AllowReach(Reach reach)
    {
        if (reach.HasFlag(Reach.ControlPlane))
        {
            // The endpoints of the API server and of AWS services have subnets of their own, without pods. Pods call the former by its service,
            // always the first of the service addresses, and the network plugin judges the address before it is translated. It finds the
            // services behind a selector by itself, not those behind a block:
            // https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go
            AllowOut(
                "allow-control-plane",
                [Block(_args.ServiceCidr.Subnet(32, 1)), .. _args.Addresses.Endpoints.Select(Block)],
                Port("TCP", Https));
            AllowOut("allow-pod-identity", [Block(PodIdentityAgent)], Port("TCP", Http));
        }

        if (reach.HasFlag(Reach.Data))
            AllowOut("allow-data", [.. _args.Addresses.Data.Select(Block)]);

        if (reach.HasFlag(Reach.InternetAnyPort))
            AllowOut("allow-internet", [Internet()]);
        else if (reach.HasFlag(Reach.InternetHttps))
            AllowOut("allow-internet", [Internet()], Port("TCP", Https));

        if (reach.HasFlag(Reach.WholeCluster))
        {
            // Pods by selector; nodes, and pods that share their network, by address.
            AllowOut(
                "allow-cluster",
                [new NetworkPolicyPeerArgs { NamespaceSelector = Everything() }, .. _args.Addresses.Private.Select(Block)]);
        }
    }

    private void AllowIn(string name, NetworkPolicyPeerArgs from) => AllowIn(name, [from], []);

    private void AllowIn(string name, NetworkPolicyPeerArgs[] from, NetworkPolicyPortArgs[] ports)
    {
        var rule = new NetworkPolicyIngressRuleArgs { From = from };
        if (ports.Length > 0)
            rule.Ports = ports;
        Declare(name, new NetworkPolicySpecArgs { PodSelector = Everything(), PolicyTypes = { "Ingress" }, Ingress = { rule } });
    }

    private void AllowOut(string name, NetworkPolicyPeerArgs to, params NetworkPolicyPortArgs[] ports) => AllowOut(name, [to], ports);

    private void AllowOut(string name, NetworkPolicyPeerArgs[] to, params NetworkPolicyPortArgs[] ports)
    {
        var rule = new NetworkPolicyEgressRuleArgs { To = to };
        if (ports.Length > 0)
            rule.Ports = ports;
        Declare(name, new NetworkPolicySpecArgs { PodSelector = Everything(), PolicyTypes = { "Egress" }, Egress = { rule } });
    }

    private void Declare(string policy, NetworkPolicySpecArgs spec) => _ = new Kubernetes.Networking.V1.NetworkPolicy(
        $"{_name}-{policy}",
        new NetworkPolicyArgs
        {
            Metadata = new ObjectMetaArgs
            {
                Name = policy,
                Namespace = _args.Namespace.Metadata.Apply(metadata => metadata.Name),
            },
            Spec = spec,
        },
        new CustomResourceOptions { Parent = this, Provider = _args.Provider });

    private static LabelSelectorArgs Everything() => new();

    private static NetworkPolicyPeerArgs Namespace(string name) => new()
    {
        NamespaceSelector = new LabelSelectorArgs { MatchLabels = { ["kubernetes.io/metadata.name"] = name } },
    };

    private static NetworkPolicyPeerArgs ClusterDns() => new()
    {
        NamespaceSelector = new LabelSelectorArgs { MatchLabels = { ["kubernetes.io/metadata.name"] = "kube-system" } },
        PodSelector = new LabelSelectorArgs { MatchLabels = { ["k8s-app"] = "kube-dns" } },
    };

    /// <summary>A network outside the cluster; for all of them, the internet without private addresses.</summary>
    internal static NetworkPolicyPeerArgs Outside(Ipv4Cidr block) => block == Anywhere ? Internet() : Block(block);

    internal static NetworkPolicyPeerArgs Internet() => new()
    {
        IpBlock = new IPBlockArgs { Cidr = Anywhere.ToString(), Except = PrivateRanges },
    };

    private static NetworkPolicyPeerArgs Block(Ipv4Cidr cidr) => Block(cidr.ToString());

    private static NetworkPolicyPeerArgs Block(string cidr) => new() { IpBlock = new IPBlockArgs { Cidr = cidr } };

    private static NetworkPolicyPortArgs Port(string protocol, int port) => new() { Protocol = protocol, Port = port };
}
