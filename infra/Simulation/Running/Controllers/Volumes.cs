using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// The attach/detach controller: a single-node volume stays attached until no pod on its node uses it
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/volume/attachdetach/reconciler/reconciler.go). kube-scheduler does not check that:
/// a pod may be scheduled on another node, and waits there.
/// </summary>
internal static class Volumes
{
    /// <summary>Attaches the volumes of a scheduled pod as soon as no other node holds them.</summary>
    public static void Attach(RunState run, PodRun pod)
    {
        if (AwaitHolder(run, pod))
            return;
        var freeAt = run.Now;
        foreach (var key in run.Cluster.ExclusiveClaimsOf(pod.Pod))
        {
            var hold = run.VolumeHolds.GetValueOrDefault(key);
            if (hold.Node == pod.Node || hold.FreeAt <= freeAt)
                continue;
            freeAt = hold.FreeAt;
            if (freeAt > run.Now + run.Timers.VolumeDetach)
                Wait(run, pod, $"its volume stays with {hold.Node}, which never unmounted it, until {RunEvent.Clock(freeAt)}");
        }

        run.Agenda.Add(freeAt + run.Timers.VolumeAttach, new Due(DueKind.VolumeAttaches, pod.Pod));
    }

    public static void Attached(RunState run, PodRun pod)
    {
        if (pod.Phase != PodStage.Attaching || pod.IsTerminating)
            return;
        // Another pod was faster.
        if (AwaitHolder(run, pod))
            return;
        pod.WaitReason = null;
        if (pod.Recovery is { } recovery)
            pod.Recovery = recovery with { AttachedAt = run.Now };
        run.Log(new RunEvent.VolumeAttached(run.Now, pod.ToString(), pod.Node!));
        Kubelet.Start(run, pod);
    }

    /// <summary>Frees the volumes of a deleted pod, and resumes the pods that wait for them.</summary>
    public static void Release(RunState run, PodRun pod, bool isUnmounted)
    {
        if (pod.Pod.Spec.Volumes.IsEmpty)
            return;
        var isHolder = pod.Phase is PodStage.Starting or PodStage.Running;
        foreach (var key in run.Cluster.ExclusiveClaimsOf(pod.Pod).ToArray())
        {
            // Another pod of the node may still use it.
            if (isHolder && !Users(run, pod, key).Any(other => other.Node == pod.Node && other.Phase is (PodStage.Starting or PodStage.Running)))
                run.VolumeHolds[key] = new VolumeHold(pod.Node!, run.Now + run.Timers.VolumeDetach + (isUnmounted ? TimeSpan.Zero : run.Timers.MaxWaitForUnmount));
            foreach (var other in Users(run, pod, key).Where(other => other.Phase == PodStage.Attaching).OrderBy(other => other.Sequence).ToArray())
                Attach(run, run.Find(other.Pod)!);
        }
    }

    /// <summary>The claim is deleted as soon as no pod uses it; the next pod that needs it gets a new volume, in any zone.</summary>
    public static void Condemn(RunState run, ClaimKey key)
    {
        if (run.Workloads.ForReading.Any(workload => workload.Pods.Exists(pod => pod.Pod.Claims.Contains(key))))
            run.CondemnedClaims = run.CondemnedClaims.Add(key);
        else
            Forget(run, key);
    }

    /// <summary>The pod is gone: claims that were to be deleted after it are.</summary>
    public static void Forget(RunState run, PodRun pod)
    {
        foreach (var key in pod.Pod.Claims.Where(run.CondemnedClaims.Contains))
        {
            run.CondemnedClaims = run.CondemnedClaims.Remove(key);
            Condemn(run, key);
        }
    }

    private static void Forget(RunState run, ClaimKey key)
    {
        run.Cluster.Forget(key);
        run.VolumeHolds.Remove(key);
        run.Quotas.Forget(key);
        run.RoomVersion++;
    }

    /// <summary>Whether a volume of the pod is in use on another node; the pod then waits for its release.</summary>
    public static bool AwaitHolder(RunState run, PodRun pod)
    {
        if (pod.Pod.Spec.Volumes.IsEmpty)
            return false;
        foreach (var key in run.Cluster.ExclusiveClaimsOf(pod.Pod))
        {
            var holder = Users(run, pod, key).FirstOrDefault(other => other.Node != pod.Node && other.Phase is (PodStage.Starting or PodStage.Running));
            if (holder is null)
                continue;
            pod.Phase = PodStage.Attaching;
            Wait(run, pod, holder.Workload == pod.Workload && holder.Pod.Ordinal == pod.Pod.Ordinal
                ? $"its volume is attached to {holder.Node}, where a pod of the same name has not ended"
                : $"Multi-Attach error: the volume of claim {key} can be attached to one node at a time, and {holder} uses it on {holder.Node}");
            return true;
        }

        return false;
    }

    /// <summary>Other pods that use the claim.</summary>
    private static IEnumerable<PodRun> Users(RunState run, PodRun pod, ClaimKey key)
    {
        var isShared = IsShared(pod.Pod.Spec);
        foreach (var workload in run.Workloads.ForReading)
        {
            if (workload.Workload.Namespace != key.Namespace || (workload.Index != pod.Workload && !isShared && !IsShared(workload.Template)))
                continue;
            foreach (var other in workload.Pods)
            {
                if (other.Pod != pod.Pod && other.Pod.Claims.Contains(key))
                    yield return other;
            }
        }
    }

    private static bool IsShared(PodSpec spec)
    {
        foreach (var claim in spec.Volumes)
        {
            if (claim.Owner == ClaimOwner.Other)
                return true;
        }

        return false;
    }

    private static void Wait(RunState run, PodRun pod, string why)
    {
        if (pod.WaitReason == why)
            return;
        pod.WaitReason = why;
        run.Log(new RunEvent.PodWaits(run.Now, pod.ToString(), WaitCause.Volume, why));
    }
}
