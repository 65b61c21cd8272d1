namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// Pod names are unique, so a pod is recreated only when its predecessor's object is deleted; ordered sets wait for every lower ordinal
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/statefulset/stateful_set_control.go).
/// </summary>
internal static class StatefulSets
{
    public static void Reconcile(RunState run, WorkloadRun workload)
    {
        var declared = workload.Workload;
        var byOrdinal = workload.Pods.ToDictionary(pod => pod.Pod.Ordinal);
        for (var ordinal = 0; ordinal < declared.Replicas; ordinal++)
        {
            if (!byOrdinal.TryGetValue(ordinal, out var pod))
            {
                // During an update, pods with lower ordinals are recreated at the old revision.
                var isNew = !workload.IsUpdating || byOrdinal.Where(other => other.Key > ordinal).All(other => other.Value.Revision == workload.Revision);
                if (!Pods.Create(
                        run, workload, ordinal, isNew ? workload.Template : workload.OldTemplate, isNew ? workload.Revision : workload.Revision - 1)
                    || !declared.IsParallel)
                    return;
            }
            else if (!declared.IsParallel && !pod.IsAvailable)
                return;
        }

        if (workload.IsUpdating)
            Roll(run, workload);
    }

    /// <summary>From the highest ordinal down, one at a time, each only when those above are ready.</summary>
    private static void Roll(RunState run, WorkloadRun workload)
    {
        foreach (var pod in workload.Pods.OrderByDescending(pod => pod.Pod.Ordinal).ToArray())
        {
            if (pod.Revision != workload.Revision && !pod.IsTerminating)
            {
                Pods.Delete(run, pod);
                return;
            }

            if (!pod.IsAvailable)
                return;
        }

        if (workload.Pods.Count < workload.Workload.Replicas)
            return;
        workload.IsUpdating = false;
        run.Log(new RunEvent.WorkloadUpdateEnded(run.Now, workload.Workload.Id));
    }
}
