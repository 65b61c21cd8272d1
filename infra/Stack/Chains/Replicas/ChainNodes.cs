using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>Names and labels of the nodes of one chain, which may be in several StatefulSets.</summary>
/// <param name="Chain"><c>bitcoin</c> or <c>ethereum</c>.</param>
/// <param name="Network">Name of the network, for metrics and messages.</param>
/// <param name="PeerPort">Port for peers.</param>
/// <param name="RpcPort">Port that the front calls.</param>
/// <param name="Sets">StatefulSets and the number of their pods.</param>
public sealed record ChainNodes(string Chain, string Network, int PeerPort, int RpcPort, ImmutableArray<NodeSet> Sets)
{
    public const string ChainLabel = "ha-cluster/chain";
    public const string RoleLabel = "ha-cluster/role";
    public const string NodeRole = "node";

    // Domain of every EKS cluster: https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html
    private const string ClusterDomain = "cluster.local";

    /// <summary>The headless Service that gives each pod a name.</summary>
    public string Service => $"{Chain}-nodes";

    /// <summary>Labels that all nodes of the chain have.</summary>
    public (string Key, string Value)[] Labels => [(ChainLabel, Chain), (RoleLabel, NodeRole)];

    /// <summary>Every pod, in the order of its set.</summary>
    public IEnumerable<string> Pods => Sets.SelectMany(set => Enumerable.Range(0, set.Replicas).Select(ordinal => $"{set.Name}-{ordinal}"));

    /// <summary>The DNS name of a pod, which does not change with its address.</summary>
    public string HostOf(string pod) => $"{pod}.{Service}.{ClusterNamespaces.Chains}.svc.{ClusterDomain}";

    /// <summary>DNS names that clients use for a Service of this namespace.</summary>
    public static IEnumerable<string> NamesOf(string service) =>
    [
        service,
        $"{service}.{ClusterNamespaces.Chains}",
        $"{service}.{ClusterNamespaces.Chains}.svc",
        $"{service}.{ClusterNamespaces.Chains}.svc.{ClusterDomain}",
    ];
}
