using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>Service and disruption budget of all nodes of a chain.</summary>
public static class NodeService
{
    /// <summary>
    /// Names for the pods, for peers and for metrics. It also publishes nodes that are not ready: a node that catches up needs its peers, its
    /// siblings' heads and monitoring more than any other.
    /// </summary>
    public static Kubernetes.Core.V1.Service Names(ChainNodes nodes, CustomResourceOptions options) => new(
        nodes.Service,
        new ServiceArgs
        {
            Metadata = Metadata(nodes.Service, nodes),
            Spec = new ServiceSpecArgs
            {
                ClusterIP = "None",
                PublishNotReadyAddresses = true,
                Selector = Selector(nodes.Labels),
                Ports =
                {
                    new ServicePortArgs { Name = "p2p", Port = nodes.PeerPort, TargetPort = nodes.PeerPort },
                    new ServicePortArgs { Name = Sentinel.PortName, Port = Sentinel.Port, TargetPort = Sentinel.Port },
                },
            },
        },
        options);

    /// <summary>
    /// One budget for all nodes of the chain, over all sets. A node that is not ready serves no client, so it may always be evicted: otherwise a
    /// drain would wait for days for a node that catches up.
    /// </summary>
    public static Kubernetes.Policy.V1.PodDisruptionBudget Budget(ChainNodes nodes, CustomResourceOptions options) => new(
        nodes.Service,
        new PodDisruptionBudgetArgs
        {
            Metadata = Metadata(nodes.Service, nodes),
            Spec = new PodDisruptionBudgetSpecArgs
            {
                MaxUnavailable = 1,
                UnhealthyPodEvictionPolicy = "AlwaysAllow",
                Selector = new LabelSelectorArgs { MatchLabels = Selector(nodes.Labels) },
            },
        },
        options);

    public static InputMap<string> Selector(IEnumerable<(string Key, string Value)> labels)
    {
        var map = new InputMap<string>();
        foreach (var (key, value) in labels)
            map.Add(key, value);
        return map;
    }

    private static ObjectMetaArgs Metadata(string name, ChainNodes nodes) => new()
    {
        Name = name,
        Namespace = ClusterNamespaces.Chains,
        Labels = { [ChainNodes.ChainLabel] = nodes.Chain },
    };
}
