using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// Deployments, and Jobs, whose pods are replaced in the same way: a deleted pod is replaced at once. An update moves replicas from one ReplicaSet to another
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/deployment/rolling.go).
/// </summary>
internal static class Deployments
{
    public static void Reconcile(RunState run, WorkloadRun workload)
    {
        if (workload.IsUpdating)
            Roll(run, workload);
        Scale(run, workload, workload.Revision, workload.NewTarget, workload.Template);
        if (workload.IsUpdating)
            Scale(run, workload, workload.Revision - 1, workload.OldTarget, workload.OldTemplate);
    }

    public static void Update(WorkloadRun workload) => (workload.OldTarget, workload.NewTarget) = (workload.Workload.Replicas, 0);

    private static void Roll(RunState run, WorkloadRun workload)
    {
        var declared = workload.Workload;
        // Kubernetes does not let both be zero.
        var unavailable = declared is { MaxSurge: 0, MaxUnavailable: 0 } ? 1 : declared.MaxUnavailable;
        var total = workload.OldTarget + workload.NewTarget;
        workload.NewTarget += Math.Max(0, Math.Min(declared.Replicas + declared.MaxSurge - total, declared.Replicas - workload.NewTarget));

        var available = Active(workload, workload.Revision).Count(pod => pod.IsAvailable);
        var oldAvailable = Active(workload, workload.Revision - 1).Count(pod => pod.IsAvailable);
        var least = declared.Replicas - unavailable;
        var mayGo = workload.OldTarget + workload.NewTarget - least - (workload.NewTarget - available);
        if (mayGo > 0)
        {
            workload.OldTarget -= Math.Min(workload.OldTarget - Math.Min(oldAvailable, workload.OldTarget), mayGo);
            workload.OldTarget -= Math.Clamp(available + oldAvailable - least, 0, workload.OldTarget);
        }

        if (workload.OldTarget > 0 || available < declared.Replicas)
            return;
        workload.IsUpdating = false;
        foreach (var pod in Active(workload, workload.Revision - 1))
            Pods.Delete(run, pod, isLoss: false);
        run.Log(new RunEvent.WorkloadUpdateEnded(run.Now, declared.Id));
    }

    private static void Scale(RunState run, WorkloadRun workload, int revision, int target, PodSpec template)
    {
        var active = Active(workload, revision);
        foreach (var pod in active.OrderBy(Worth).ThenByDescending(pod => pod.Sequence).Take(active.Length - target))
            Pods.Delete(run, pod, isLoss: false);
        if (active.Length >= target)
            return;
        foreach (var ordinal in FreeOrdinals(workload).Take(target - active.Length))
        {
            if (!Pods.Create(run, workload, ordinal, template, revision))
                return;
        }
    }

    /// <summary>The order of deletion: pods without a node first, then pods that are not ready.</summary>
    private static int Worth(PodRun pod) => pod.Node is null ? 0 : pod.IsListed ? 2 : 1;

    private static PodRun[] Active(WorkloadRun workload, int revision) =>
        [.. workload.Pods.Where(pod => !pod.IsTerminating && pod.Revision == revision)];

    /// <summary>A replacement takes over the ordinal and volume of the replaced pod.</summary>
    private static IEnumerable<int> FreeOrdinals(WorkloadRun workload)
    {
        var used = workload.Pods.Where(pod => !pod.IsTerminating).Select(pod => pod.Pod.Ordinal).ToHashSet();
        return Enumerable.Range(0, int.MaxValue).Where(ordinal => !used.Contains(ordinal));
    }
}
