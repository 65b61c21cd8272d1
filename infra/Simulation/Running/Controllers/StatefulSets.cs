using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

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
                var isNew = !workload.IsUpdating || IsReached(workload, byOrdinal, ordinal);
                if (!Pods.Create(
                        run, workload, ordinal, isNew ? workload.Template : workload.OldTemplate, isNew ? workload.Revision : workload.OldRevision)
                    || !declared.IsParallel)
                    return;
            }
            else if (!declared.IsParallel && !pod.IsAvailable)
                return;
        }

        if (workload.Pods.Count > declared.Replicas && !Shrink(run, workload))
            return;
        if (workload.IsUpdating)
            Roll(run, workload);
    }

    /// <summary>
    /// An update to the pods from before the one in progress goes back to their revision. Pods that are not ready stay in the way of an ordered set then:
    /// they must be deleted by hand (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
    /// </summary>
    public static void Update(WorkloadRun workload, PodSpec pods)
    {
        if (!workload.IsUpdating)
            (workload.OldTemplate, workload.OldRevision, workload.OldPods) = (workload.Template, workload.Revision, workload.Workload.Pods);
        (workload.Revision, workload.Template) = workload.IsUpdating && ReferenceEquals(workload.OldPods, pods)
            ? (workload.OldRevision, workload.OldTemplate)
            : (++workload.LastRevision, PodFactory.OfRevision(workload.Workload, pods, workload.LastRevision));
    }

    /// <summary>Whether a pod that is recreated during an update has the new revision; <c>isCurrentRevisionNeeded</c> in stateful_set_utils.go.</summary>
    private static bool IsReached(WorkloadRun workload, Dictionary<int, PodRun> byOrdinal, int ordinal) =>
        workload.WaitsForDeletes
        || (workload.FirstUpdated > 0 ? ordinal >= workload.FirstUpdated : byOrdinal.Where(other => other.Key > ordinal).All(other => other.Value.Revision == workload.Revision));

    /// <summary>Deletes pods beyond the replicas, the highest ordinal first; an ordered set one at a time. False while it waits for one to end.</summary>
    private static bool Shrink(RunState run, WorkloadRun workload)
    {
        var declared = workload.Workload;
        foreach (var pod in workload.Pods.Where(pod => pod.Pod.Ordinal >= declared.Replicas).OrderByDescending(pod => pod.Pod.Ordinal).ToArray())
        {
            Pods.Delete(run, pod, isLoss: false);
            if (!declared.IsParallel)
                return false;
        }

        return true;
    }

    /// <summary>From the highest ordinal down, one at a time, each only when those above are ready.</summary>
    private static void Roll(RunState run, WorkloadRun workload)
    {
        foreach (var pod in workload.Pods.OrderByDescending(pod => pod.Pod.Ordinal).ToArray())
        {
            if (pod.Revision != workload.Revision && !pod.IsTerminating)
            {
                // The update is over when nothing is held back any more.
                if (!workload.WaitsForDeletes && pod.Pod.Ordinal >= workload.FirstUpdated)
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
