using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>RDS, as declared.</summary>
internal static class DatabaseNeeds
{
    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph)
    {
        var single = graph.OfType("aws:rds/instance:Instance").ToList();
        var instances = graph.OfType("aws:rds/clusterInstance:ClusterInstance").Count() + single.Count;
        yield return QuotaNeed.Of("rds", "L-7B6409FD", instances, $"{Wording.Count(instances, "instance")}: writers, readers, and those without a cluster");
        var clusters = graph.OfType("aws:rds/cluster:Cluster").ToList();
        yield return QuotaNeed.Of("rds", "L-952B80B8", clusters.Count, $"{Wording.Count(clusters.Count, "cluster")} declared");
        var proxies = graph.OfType("aws:rds/proxy:Proxy").Count();
        yield return QuotaNeed.Of("rds", "L-D94C7EA3", proxies, $"{Wording.Count(proxies, "proxy", "proxies")} declared");
        // Aurora grows its own storage, which this quota does not count.
        var storage = single.Concat(clusters).Sum(database => database.Inputs.At("allocatedStorage").Integer() ?? 0);
        yield return QuotaNeed.Of("rds", "L-7ADDB58A", storage, "GB allocated to instances; Aurora's storage does not count");
    }
}
