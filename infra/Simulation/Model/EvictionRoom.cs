using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>The protection by the budgets of a workload: how many of its pods drains may evict at once.</summary>
/// <param name="Budgets">Those that select its pods.</param>
/// <param name="Allowed">Evictions allowed while every pod is healthy; without a budget, all replicas.</param>
public readonly record struct EvictionRoom(ImmutableArray<DisruptionBudget> Budgets, int Allowed)
{
    public static EvictionRoom Of(ClusterModel cluster, Workload workload)
    {
        ImmutableArray<DisruptionBudget> budgets = [.. cluster.Budgets.Where(budget => budget.Covers(workload.Namespace, workload.Pods.Labels))];
        if (budgets.IsEmpty)
            return new EvictionRoom(budgets, workload.Replicas);
        // No pod with more than one budget is ever evicted (https://kubernetes.io/docs/tasks/run-application/configure-pdb/).
        return new EvictionRoom(budgets, budgets.Length > 1 ? 0 : Math.Min(workload.Replicas, Allows(cluster, budgets[0])));
    }

    /// <summary>A budget that allows evicting all of them at once, or none ever, does not protect them.</summary>
    public bool Protects(Workload workload) => !Budgets.IsEmpty && Allowed > 0 && Allowed < workload.Replicas;

    private static int Allows(ClusterModel cluster, DisruptionBudget budget)
    {
        var covered = cluster.Workloads.Where(workload => workload is { HasPods: true, Replicas: > 0 } && budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList();
        return budget.Expected(covered) is { } expected ? Math.Max(0, expected - budget.DesiredHealthy(expected)) : 0;
    }
}
