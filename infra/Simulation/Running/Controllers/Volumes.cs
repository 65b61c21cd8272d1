using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// The attach/detach controller: an EBS volume belongs to one node at a time
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/volume/attachdetach/reconciler/reconciler.go).
/// </summary>
internal static class Volumes
{
    /// <summary>Attaches the volumes of a pod that was placed, as soon as nobody holds them.</summary>
    public static void Attach(RunState run, PodRun pod)
    {
        if (Holder(run, pod) is { } holder)
        {
            Wait(run, pod, $"its volume is attached to {holder.Node}, where a pod of the same name has not ended");
            return;
        }

        var hold = run.VolumeHolds.GetValueOrDefault(Key(pod.Pod));
        var freeAt = hold.Node == pod.Node || hold.FreeAt < run.Now ? run.Now : hold.FreeAt;
        if (freeAt > run.Now + run.Timers.VolumeDetach)
            Wait(run, pod, $"its volume stays with {hold.Node}, which never unmounted it, until {RunEvent.Clock(freeAt)}");
        run.Agenda.Add(freeAt + run.Timers.VolumeAttach, new Due(DueKind.VolumeAttaches, pod.Pod));
    }

    public static void Attached(RunState run, PodRun pod)
    {
        if (pod.Phase != PodPhase.Attaching || pod.IsTerminating)
            return;
        pod.WaitReason = null;
        if (pod.Recovery is { } recovery)
            pod.Recovery = recovery with { AttachedAt = run.Now };
        run.Log(new RunEvent.VolumeAttached(run.Now, pod.ToString(), pod.Node!));
        Kubelet.Start(run, pod);
    }

    /// <summary>Frees the volumes of a pod whose object is gone, and lets whoever waits for them go on.</summary>
    public static void Release(RunState run, PodRun pod, bool isUnmounted)
    {
        if (pod.Pod.Spec.Volumes.IsEmpty)
            return;
        if (pod.Phase is PodPhase.Starting or PodPhase.Running)
        {
            var freeAt = run.Now + run.Timers.VolumeDetach + (isUnmounted ? TimeSpan.Zero : run.Timers.MaxWaitForUnmount);
            run.VolumeHolds[Key(pod.Pod)] = new VolumeHold(pod.Node!, freeAt);
        }

        foreach (var other in run.WorkloadOf(pod).Pods)
        {
            if (other.Phase == PodPhase.Attaching && other.Pod.Ordinal == pod.Pod.Ordinal)
                Attach(run, other);
        }
    }

    private static (string Namespace, string Pod) Key(Pod pod) => (pod.Namespace, pod.Name);

    private static PodRun? Holder(RunState run, PodRun pod) => run.WorkloadOf(pod).Pods.Find(other =>
        other != pod && other.Pod.Ordinal == pod.Pod.Ordinal && other.Phase is (PodPhase.Starting or PodPhase.Running));

    private static void Wait(RunState run, PodRun pod, string why)
    {
        if (pod.WaitReason == why)
            return;
        pod.WaitReason = why;
        run.Log(new RunEvent.PodWaits(run.Now, pod.ToString(), WaitCause.Volume, why));
    }
}
