using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Capacity;

/// <summary>
/// Checks that all declared objects fit into the declared quotas, counted as the API server counts: pods with their sidecars and overhead, those of
/// charts and
/// add-ons too, one for each node of a DaemonSet, one job of each CronJob; claims; objects.
/// </summary>
public static class QuotaCheck
{
    /// <summary>One message for each limit that is too small, naming namespace, limit and need; empty when all fit.</summary>
    public static IReadOnlyList<string> Shortfalls(ClusterModel cluster)
    {
        // If a quota has no room for the DaemonSet pods of one more node, that node runs without them.
        var nodes = cluster.NodeGroups.SelectMany(group => Enumerable.Range(0, Math.Max(group.Desired, group.Max)).Select(group.NodeAt)).Concat(cluster.Nodes).ToList();
        return
        [
            .. from quota in cluster.Quotas
               let pods = cluster.Workloads.Where(workload => workload.Namespace == quota.Namespace)
                   .Select(workload => (workload.Pods, Count: PodFactory.Of(workload, nodes).Count()))
                   .ToList()
               from limit in quota.Hard
               let need = pods.Sum(entry => entry.Count * quota.UseOf(entry.Pods, limit.Key)) + Objects(cluster, quota, limit.Key)
               where need > limit.Value
               select $"namespace {quota.Namespace}: what is declared needs {Show(limit.Key, need)} of {limit.Key}, the quota allows {Show(limit.Key, limit.Value)}; "
                   + $"raise {quota.Setting ?? "the quota"} or declare less",
        ];
    }

    private static decimal Objects(ClusterModel cluster, NamespaceQuota quota, string name) =>
        cluster.Claims.Where(claim => claim.Namespace == quota.Namespace).Sum(claim => claim.Count * quota.UseOf(claim.Claim, name))
        + (quota.Scopes.IsEmpty ? cluster.ObjectCounts.Where(count => count.Namespace == quota.Namespace && count.Name == name).Sum(count => count.Count) : 0);

    private static string Show(string name, decimal amount) => QuotaUse.IsBytes(name) ? Quantity.Bytes(amount) : Quantity.Number(amount);
}
