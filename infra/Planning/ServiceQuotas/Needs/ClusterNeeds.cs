using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>EKS clusters, their managed groups, and the nodes of the largest group.</summary>
internal static class ClusterNeeds
{
    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph, ImmutableArray<NodeGroupDemand> groups)
    {
        var clusters = graph.OfType("aws:eks/cluster:Cluster").Count();
        yield return QuotaNeed.Of("eks", "L-1194D53C", clusters, $"{Wording.Count(clusters, "cluster")} declared");
        var most = groups.CountBy(group => group.Cluster).Select(cluster => cluster.Value).DefaultIfEmpty().Max();
        yield return QuotaNeed.Of("eks", "L-6D54EA21", most, $"{Wording.Count(most, "managed group")} in a cluster");
        if (groups.MaxBy(group => group.AtMost) is { } largest)
            yield return QuotaNeed.Of(
                "eks", "L-BD136A63", largest.Desired, largest.AtMost, $"{largest.Name}: {largest.Max} nodes at the maximum + {largest.Surge} for an update");
    }
}
