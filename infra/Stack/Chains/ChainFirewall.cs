using System.Collections.Immutable;
using HaCluster.Stack.Chains.Ethereum;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains;

/// <summary>Input of <see cref="ChainFirewall"/>.</summary>
public sealed record ChainFirewallArgs
{
    public required ImmutableArray<ChainNodes> Chains { get; init; }

    public required Foundation Foundation { get; init; }
}

/// <summary>
/// Network policies for each flow: the namespace is closed even to its own pods, because network policies are additive. Nodes open
/// connections to peers on the internet (the namespace's reach), but accept none from there: they are behind NAT gateways, and eight
/// outbound connections are enough to follow a chain. The engine API needs no rule: it listens on the loopback of its pod.
/// </summary>
public sealed class ChainFirewall : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Firewall";

    private readonly Foundation _foundation;

    public ChainFirewall(string name, ChainFirewallArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _foundation = args.Foundation;
        foreach (var nodes in args.Chains)
        {
            var siblings = Pods(nodes.Labels);
            var front = Pods(RpcFront.Labels(nodes.Chain));
            int[] amongNodes = [nodes.PeerPort, Sentinel.Port];
            int[] fromFront = [nodes.RpcPort, Sentinel.Port];

            In($"{nodes.Chain}-siblings-in", nodes.Labels, [siblings], amongNodes);
            Out($"{nodes.Chain}-siblings-out", ClusterNamespaces.Chains, nodes.Labels, [siblings], amongNodes);
            In($"{nodes.Chain}-front-to-nodes-in", nodes.Labels, [front], fromFront);
            Out($"{nodes.Chain}-front-to-nodes-out", ClusterNamespaces.Chains, RpcFront.Labels(nodes.Chain), [siblings], fromFront);
            In($"{nodes.Chain}-payments-to-front", RpcFront.Labels(nodes.Chain), [Namespace(ClusterNamespaces.Payments)], [RpcFront.Port]);
            Out($"payments-to-{nodes.Chain}-front", ClusterNamespaces.Payments, [], [PodsIn(ClusterNamespaces.Chains, RpcFront.Labels(nodes.Chain))], [RpcFront.Port]);

            var monitoring = Namespace(ClusterNamespaces.Monitoring);
            In($"{nodes.Chain}-metrics", nodes.Labels, [monitoring], MetricsPorts(nodes));
            In($"{nodes.Chain}-front-metrics", RpcFront.Labels(nodes.Chain), [monitoring], [RpcFront.MetricsPort]);
        }

        RegisterOutputs();
    }

    private static int[] MetricsPorts(ChainNodes nodes)
    {
        var clients = nodes.Sets.Select(set => set.MetricsPort).OfType<int>().ToArray();
        return clients.Length == 0 ? [Sentinel.Port] : [Sentinel.Port, ConsensusClient.MetricsPort, .. clients];
    }

    private void In(string name, IEnumerable<(string Key, string Value)> pods, NetworkPolicyPeerArgs[] from, int[] ports) => Declare(
        name,
        ClusterNamespaces.Chains,
        new NetworkPolicySpecArgs
        {
            PodSelector = Selector(pods),
            PolicyTypes = { "Ingress" },
            Ingress = { new NetworkPolicyIngressRuleArgs { From = from, Ports = Tcp(ports) } },
        });

    private void Out(string name, string space, IEnumerable<(string Key, string Value)> pods, NetworkPolicyPeerArgs[] to, int[] ports) => Declare(
        name,
        space,
        new NetworkPolicySpecArgs
        {
            PodSelector = Selector(pods),
            PolicyTypes = { "Egress" },
            Egress = { new NetworkPolicyEgressRuleArgs { To = to, Ports = Tcp(ports) } },
        });

    private void Declare(string name, string space, NetworkPolicySpecArgs spec) => _ = new Kubernetes.Networking.V1.NetworkPolicy(
        name,
        new NetworkPolicyArgs { Metadata = new ObjectMetaArgs { Name = name, Namespace = space }, Spec = spec },
        new CustomResourceOptions { Parent = this, Provider = _foundation.Provider, DependsOn = _foundation.Ready });

    private static LabelSelectorArgs Selector(IEnumerable<(string Key, string Value)> labels) => new() { MatchLabels = NodeService.Selector(labels) };

    private static NetworkPolicyPeerArgs Pods(IEnumerable<(string Key, string Value)> labels) => new() { PodSelector = Selector(labels) };

    private static NetworkPolicyPeerArgs PodsIn(string space, IEnumerable<(string Key, string Value)> labels) =>
        new() { NamespaceSelector = Selector([("kubernetes.io/metadata.name", space)]), PodSelector = Selector(labels) };

    private static NetworkPolicyPeerArgs Namespace(string name) => new() { NamespaceSelector = Selector([("kubernetes.io/metadata.name", name)]) };

    private static NetworkPolicyPortArgs[] Tcp(int[] ports) => [.. ports.Select(port => new NetworkPolicyPortArgs { Protocol = "TCP", Port = port })];
}
