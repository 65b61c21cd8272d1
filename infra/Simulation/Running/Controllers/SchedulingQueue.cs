using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// The queue of kube-scheduler: pods by priority, then age; an unschedulable pod is retried when something changed, but not before its back-off is
/// over (https://kubernetes.io/docs/concepts/scheduling-eviction/scheduler-perf-tuning/). Scheduling takes no time.
/// </summary>
internal static class SchedulingQueue
{
    public static void Run(RunState run)
    {
        if (run.Waiting.Count == 0 || run.SchedulerSaw == (run.RoomVersion, run.PlacedVersion, run.NextSequence))
            return;
        var refused = new Dictionary<PodSpec, (int View, PodRun Pod)>(ReferenceEqualityComparer.Instance);
        ClusterState? nominated = null;
        TimeSpan? retryAt = null;
        var before = run.RoomVersion;
        var waiting = run.Waiting.Select(pod => run.Find(pod)!).OrderByDescending(pod => pod.Pod.Spec.Priority).ThenBy(pod => pod.Sequence).ToArray();
        var room = new NominatedRoom(run.Scheduler, run.Cluster);
        foreach (var pod in waiting.Where(pod => !pod.Victims.IsEmpty))
            room.Nominate(pod.Pod, pod.Nominated!);
        foreach (var pod in waiting)
        {
            if (pod.TriedAt == View(run, pod))
                continue;
            if (pod.RetryAt > run.Now)
            {
                retryAt = retryAt is null || pod.RetryAt < retryAt ? pod.RetryAt : retryAt;
                continue;
            }

            Try(run, pod, room, refused, ref nominated);
        }

        // When a nomination is given up, the pods that were tried before it are retried.
        run.SchedulerSaw = run.RoomVersion == before ? (run.RoomVersion, run.PlacedVersion, run.NextSequence) : null;
        if (retryAt is not { } at || run.SchedulerAt <= at)
            return;
        run.SchedulerAt = at;
        run.Agenda.Add(at, new Due(DueKind.SchedulerRetries));
    }

    /// <summary>Records in the steady state that the Pending pods were tried.</summary>
    public static void MarkTried(RunState run)
    {
        foreach (var pod in run.Waiting.Select(pod => run.Find(pod)!))
            (pod.TriedAt, pod.Attempts) = (View(run, pod), 1);
        run.SchedulerSaw = (run.RoomVersion, run.PlacedVersion, run.NextSequence);
    }

    private static void Try(RunState run, PodRun pod, NominatedRoom room, Dictionary<PodSpec, (int View, PodRun Pod)> refused, ref ClusterState? nominated)
    {
        var nominatedFor = room.Release(pod.Pod);
        var spec = pod.Pod.Spec;
        if (nominatedFor is null && refused.TryGetValue(spec, out var known) && known.View == View(run, pod))
        {
            pod.Refusals = known.Pod.Refusals;
            Wait(run, pod, known.Pod.WaitReason!);
            return;
        }

        var result = room.Place(pod.Pod, nominatedFor);
        if (result.Node is null && nominatedFor is not null && pod.Victims.Any(victim => run.Find(victim) is not null))
        {
            // It does not preempt further pods while its victims are ending (PodEligibleToPreemptOthers).
            room.Nominate(pod.Pod, nominatedFor);
            pod.TriedAt = View(run, pod);
            return;
        }

        pod.Victims = [];
        // The room that was kept for it is free.
        if (nominatedFor is not null && result.Node?.Node.Name != nominatedFor)
            run.RoomVersion++;
        if (result.Node is { } node)
        {
            Kubelet.Accept(run, pod, node);
            nominated = null;
            return;
        }

        if (Preempt(run, pod, ref nominated))
        {
            room.Nominate(pod.Pod, pod.Nominated!);
            return;
        }

        pod.Refusals = result.Refusals;
        Wait(run, pod, result.ToString());
        // A pod with volumes is bound to their zone; equal pods may not be.
        if (spec.Volumes.IsEmpty)
            refused[spec] = (View(run, pod), pod);
    }

    /// <summary>Looks for pods of lower priority to preempt, counting the nominations of other pods.</summary>
    private static bool Preempt(RunState run, PodRun pod, ref ClusterState? nominated)
    {
        if (!pod.Pod.Spec.Preempts || run.Model.Workloads.All(workload => workload.Pods.Priority >= pod.Pod.Spec.Priority))
            return false;
        nominated ??= WithPromises(run);
        // Its earlier nomination was given up.
        nominated.Unbind(pod.Pod);
        if (run.Scheduler.Schedule(nominated, pod.Pod).Node is not null
            || Preemption.Find(run.Scheduler, nominated, pod.Pod, run.Budgets.Cover) is not { } found)
            return false;
        var node = found.Node.Node.Name;
        pod.Victims = found.Victims;
        Promise(nominated, pod.Pod, found.Node, found.Victims);
        run.Log(new RunEvent.PodsPreempted(run.Now, pod.ToString(), node, string.Join(", ", found.Victims)));
        foreach (var victim in found.Victims)
        {
            run.Log(new RunEvent.PodEvicted(run.Now, victim.ToString(), node, $"preempted by {pod}"));
            Pods.Delete(run, run.Find(victim)!);
        }

        pod.Nominated = node;
        pod.TriedAt = View(run, pod);
        return true;
    }

    private static ClusterState WithPromises(RunState run)
    {
        var state = run.Cluster.Clone();
        foreach (var pod in run.Waiting.Select(pod => run.Find(pod)!))
        {
            if (!pod.Victims.IsEmpty && state.Find(pod.Nominated!) is { } node)
                Promise(state, pod.Pod, node, pod.Victims);
        }

        return state;
    }

    private static void Promise(ClusterState state, Pod pod, NodeState node, IEnumerable<Pod> victims)
    {
        foreach (var victim in victims)
        {
            if (state.NodeOf(victim) is not null)
                state.Unbind(victim);
        }

        state.Bind(pod, node);
    }

    private static void Wait(RunState run, PodRun pod, string reason)
    {
        pod.TriedAt = View(run, pod);
        pod.Attempts++;
        var backoff = run.Timers.SchedulerBackoff * Math.Pow(2, Math.Min(pod.Attempts - 1, 10));
        pod.RetryAt = run.Now + (backoff < run.Timers.SchedulerMaxBackoff ? backoff : run.Timers.SchedulerMaxBackoff);
        run.ToCount.Add(pod.Workload);
        if (pod.WaitReason == reason)
            return;
        pod.WaitReason = reason;
        run.Log(new RunEvent.PodWaits(run.Now, pod.ToString(), WaitCause.Node, reason));
    }

    /// <summary>The version of the cluster that matters to a pod: resources, and for pods with affinity or spread rules also placements.</summary>
    private static int View(RunState run, PodRun pod) => run.RoomVersion + (pod.Pod.Spec.LooksAtOthers ? run.PlacedVersion : 0);
}
