using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>How strong the budgets of a workload are: how many of its pods drains may take at once.</summary>
/// <param name="Budgets">Those that select its pods.</param>
/// <param name="Allowed">Evictions that they allow while every pod is healthy; all replicas without a budget.</param>
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

    /// <summary>A budget that lets all of them go at once, or none of them ever, protects nothing.</summary>
    public bool Protects(Workload workload) => !Budgets.IsEmpty && Allowed > 0 && Allowed < workload.Replicas;

    private static int Allows(ClusterModel cluster, DisruptionBudget budget)
    {
        var covered = cluster.Workloads.Where(workload => workload is { HasPods: true, Replicas: > 0 } && budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList();
        return budget.Expected(covered) is { } expected ? Math.Max(0, expected - budget.DesiredHealthy(expected)) : 0;
    }
}
