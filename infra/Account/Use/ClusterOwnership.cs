using System.Collections.Frozen;

namespace HaCluster.Account.Use;

/// <summary>
/// Tells what in the account already belongs to a cluster, so that it is not counted beside the cluster's plan: by the tags that the
/// program, EKS and the controllers in the cluster put on what they make, and by name where AWS lists things without tags.
/// </summary>
/// <param name="cluster">The EKS cluster's name.</param>
/// <param name="names">Names that the plan gives to roles, buckets, domains and the like.</param>
public sealed class ClusterOwnership(string cluster, IEnumerable<string> names)
{
    /// <summary>Whose value is the cluster's name: the program; the load balancer controller; EKS's node groups; the VPC CNI.</summary>
    private static readonly string[] NamingTags =
        ["Cluster", "elbv2.k8s.aws/cluster", "eks:cluster-name", "aws:eks:cluster-name", "cluster.k8s.amazonaws.com/name"];

    private readonly FrozenSet<string> _names = names.ToFrozenSet(StringComparer.Ordinal);

    public string Cluster => cluster;

    public bool Owns(IReadOnlyDictionary<string, string> tags) =>
        NamingTags.Any(tag => tags.GetValueOrDefault(tag) == cluster) || tags.GetValueOrDefault($"kubernetes.io/cluster/{cluster}") == "owned";

    public bool Owns(string name) => name == cluster || _names.Contains(name);
}
