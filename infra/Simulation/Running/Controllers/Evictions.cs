using HaCluster.Simulation.Running.State;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// The eviction API: a pod ends only if its budget allows it
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/registry/core/pod/storage/eviction.go).
/// </summary>
internal static class Evictions
{
    /// <summary>Why the eviction is refused; null when the pod was evicted.</summary>
    public static string? Evict(RunState run, PodRun pod, string why)
    {
        if (Refusal(run, pod) is { } refusal)
            return refusal;
        run.Log(new RunEvent.PodEvicted(run.Now, pod.ToString(), pod.Node ?? "no node", why));
        Pods.Delete(run, pod);
        return null;
    }

    private static string? Refusal(RunState run, PodRun pod)
    {
        var covering = run.Budgets.BudgetsOf(pod.Workload);
        if (covering.Length == 0 || pod.Node is null)
            return null;
        if (covering.Length > 1)
            return $"{covering.Length} disruption budgets cover it, and the eviction API refuses more than one";
        var budget = run.Budgets.Budgets[covering[0]];
        var (healthy, needed) = HealthOf(run, covering[0]);
        var mayGo = pod.IsListed ? healthy > needed : budget.AlwaysEvictsUnhealthy || (healthy >= needed && needed > 0) || healthy > needed;
        return mayGo ? null : $"budget {budget.Namespace}/{budget.Name} needs {needed} healthy pods and has {healthy}";
    }

    /// <summary>Healthy and required pods of a budget; all are required when Kubernetes cannot determine the expected number.</summary>
    public static (int Healthy, int Needed) HealthOf(RunState run, int budget)
    {
        var covered = run.Budgets.WorkloadsOf(budget).Select(index => run.Workloads.ForReading[index]).Where(workload => workload.Pods.Count > 0).ToList();
        var healthy = covered.Sum(workload => workload.Pods.Count(pod => pod.IsListed));
        var declared = run.Budgets.Budgets[budget];
        return (healthy, declared.Expected([.. covered.Select(workload => workload.Workload)]) is { } expected ? declared.DesiredHealthy(expected) : healthy);
    }
}
