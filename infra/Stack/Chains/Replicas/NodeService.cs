using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>What all nodes of a chain share: names, and the promise that one at a time is disturbed.</summary>
public static class NodeService
{
    /// <summary>
    /// Names for the pods, for peers and for metrics. It publishes nodes that are not ready too: a node that catches up needs its peers, its
    /// siblings' opinion and the eyes of monitoring more than any other.
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
    /// One of all nodes of the chain, whatever set they are in. A node that is not ready serves nobody, so it may always be moved: else a
    /// drain would wait for days behind a node that catches up.
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
