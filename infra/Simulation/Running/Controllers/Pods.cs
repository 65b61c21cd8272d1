using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>Creating and deleting pod objects.</summary>
internal static class Pods
{
    /// <summary>False when admission or a quota refuses it; the workload then records why.</summary>
    public static bool Create(RunState run, WorkloadRun workload, int ordinal, PodSpec spec, int revision, string? target = null)
    {
        var pod = new Pod(workload.Workload, ordinal, spec, run.Options.NamesPods ? PodNames.Of(run, workload, revision) : null) { Slot = workload.Index };
        if ((workload.Workload.Refused ?? run.Quotas.Admit(pod)) is { } refusal)
        {
            if (workload.Refusal != refusal)
                run.Log(new RunEvent.QuotaRefused(run.Now, pod.ToString(), refusal));
            workload.Refusal = refusal;
            return false;
        }

        workload.Refusal = null;
        workload.Made++;
        if (!spec.Volumes.IsEmpty)
            run.Cluster.MakeImmediateVolumes(pod);
        var recovery = Take(workload, ordinal);
        run.Enter(new PodRun(pod, workload.Index, revision, run.NextSequence++)
        {
            Target = target,
            IsCharged = true,
            Recovery = recovery is null ? null : recovery with { ReplacedAt = run.Now },
        });
        return true;
    }

    /// <summary>Somebody deletes the pod, on purpose: no recovery is recorded.</summary>
    public static void Kill(RunState run, PodRun pod)
    {
        if (pod.IsTerminating)
            return;
        run.Log(new RunEvent.PodKilled(run.Now, pod.ToString(), pod.Node ?? "no node"));
        Delete(run, pod, isLoss: false);
    }

    /// <summary>
    /// Deletes a pod as <c>DELETE</c> does: its controller sees the deletion at once; its object and its resources are freed when the kubelet has
    /// ended it.
    /// </summary>
    /// <param name="isLoss">Whether a replacement is expected whose recovery time is recorded.</param>
    public static void Delete(RunState run, PodRun pod, bool isLoss = true)
    {
        if (pod.IsTerminating)
            return;
        pod.IsTerminating = true;
        run.Cluster.End(pod.Pod);
        Drop(run, pod, isLoss);
        if (pod.Node is null)
            Remove(run, pod, isUnmounted: true);
        else
            run.Agenda.Add(run.Now + ShutdownOf(run, pod), new Due(DueKind.PodEnds, pod.Pod));
    }

    /// <summary>Removes the object, and frees its resources, quota and volumes.</summary>
    /// <param name="isUnmounted">Whether the kubelet has unmounted its volumes, or that is not awaited.</param>
    public static void Remove(RunState run, PodRun pod, bool isUnmounted)
    {
        if (!pod.IsTerminating)
            Drop(run, pod, isLoss: true);
        if (run.Cluster.NodeOf(pod.Pod) is not null)
            run.Cluster.Unbind(pod.Pod);
        Discharge(run, pod);
        run.Leave(pod);
        Volumes.Release(run, pod, isUnmounted);
        if (!run.CondemnedClaims.IsEmpty)
            Volumes.Forget(run, pod);
        if (pod.Target is { } node && run.Cluster.Find(node) is not null && !run.WorkloadOf(pod).IsDeleted)
            run.WorkloadOf(pod).NodesToFill.Add(node);
    }

    /// <summary>The kubelet has ended it; without a kubelet the object stays, but no quota counts it.</summary>
    public static void End(RunState run, PodRun pod)
    {
        if (run.IsResponding(pod.Node!))
            Remove(run, pod, isUnmounted: true);
        else
            Discharge(run, pod);
    }

    private static TimeSpan ShutdownOf(RunState run, PodRun pod) =>
        pod.Pod.Spec.GracePeriod < run.Options.LongestShutdown ? pod.Pod.Spec.GracePeriod : run.Options.LongestShutdown;

    private static void Drop(RunState run, PodRun pod, bool isLoss)
    {
        var recovery = pod.Recovery ?? (pod.IsReady ? new Recovery(pod.Pod.Ordinal, run.Now) : null);
        if (recovery is not null && isLoss)
            run.WorkloadOf(pod).Lost.Add(recovery with { DetectedAt = recovery.DetectedAt ?? run.Now, ReplacedAt = null, ScheduledAt = null, AttachedAt = null });
        (pod.Recovery, pod.IsReady, pod.IsListed, pod.IsAvailable) = (null, false, false, false);
        run.HealthVersion++;
        run.Touch(pod.Workload);
    }

    private static void Discharge(RunState run, PodRun pod)
    {
        if (!pod.IsCharged || !run.Quotas.Release(pod.Pod))
            return;
        pod.IsCharged = false;
        foreach (var workload in run.Workloads.ForReading)
        {
            if (workload.Refusal is not null && workload.Workload.Namespace == pod.Pod.Namespace)
                run.Touch(workload.Index);
        }
    }

    /// <summary>The pending recovery of the same ordinal, or of any pod of a workload with interchangeable pods.</summary>
    private static Recovery? Take(WorkloadRun workload, int ordinal)
    {
        var index = workload.Lost.FindIndex(lost => lost.Ordinal == ordinal);
        if (index < 0 && workload.Workload.Kind is (WorkloadKind.Deployment or WorkloadKind.Job))
            index = workload.Lost.Count - 1;
        if (index < 0)
            return null;
        var recovery = workload.Lost[index];
        workload.Lost.RemoveAt(index);
        return recovery;
    }
}
