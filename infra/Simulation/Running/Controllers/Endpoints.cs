using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>Counts the serving and the listed replicas of each workload. Endpoints list a dead pod until its node is marked unreachable.</summary>
internal static class Endpoints
{
    public static void Count(RunState run)
    {
        foreach (var index in run.ToCount)
        {
            var workload = run.Workloads[index];
            workload.History.Count(
                run.Now, Serving(run, workload), workload.Pods.Count(pod => pod.IsListed && !pod.IsReady && IsAsked(run, pod)), workload.Desired,
                workload.Workload.MinServing);
        }

        run.ToCount.Clear();
    }

    /// <summary>Restarts the statistics.</summary>
    public static void Begin(RunState run)
    {
        foreach (var index in run.Workloads.ForReading.Where(workload => !workload.History.IsFreshAt(run.Now)).Select(workload => workload.Index))
        {
            var workload = run.Workloads[index];
            workload.History.Begin(run.Now, Serving(run, workload), workload.Desired, workload.Workload.MinServing);
        }
    }

    public static WorkloadStatus StatusOf(RunState run, WorkloadRun workload)
    {
        var history = workload.History.Clone();
        history.Pass(run.Now);
        return new WorkloadStatus
        {
            Ready = workload.Pods.Count(pod => pod.IsReady),
            Serving = history.Serving,
            Desired = workload.Desired,
            LeastReady = history.LeastServing,
            LeastReadyAt = history.LeastAt,
            ServingGap = history.Gap,
            DeadEndpoints = history.MostDead,
            BelowMinServing = history.Below,
            RestoredAt = history.RestoredAt,
            IsUpdating = workload.IsUpdating,
            Pending = Pending(run, workload),
            Slowest = history.Slowest,
        };
    }

    private static int Serving(RunState run, WorkloadRun workload) => workload.Pods.Count(pod => pod.IsReady && pod.IsListed && IsAsked(run, pod));

    private static bool IsAsked(RunState run, PodRun pod) => run.ShiftedZones.IsEmpty || !run.ShiftedZones.Contains(pod.Zone);

    private static ImmutableArray<WaitingPod> Pending(RunState run, WorkloadRun workload)
    {
        var pending = ImmutableArray.CreateBuilder<WaitingPod>();
        foreach (var pod in workload.Pods.Where(pod => !pod.IsReady && !pod.IsTerminating))
            pending.Add(Why(run, pod));
        var declared = workload.Workload;
        var missing = declared.Kind == WorkloadKind.DaemonSet
            ? workload.Pods.Where(pod => pod.IsTerminating && !pod.IsOrphan).Select(pod => pod.Pod.Ordinal).Concat(workload.NodesToFill.Select((_, index) => workload.Made + index))
            : Enumerable.Range(0, declared.Replicas).Where(ordinal => !workload.Pods.Exists(pod => !pod.IsTerminating && pod.Pod.Ordinal == ordinal))
                .Take(Math.Max(0, declared.Replicas - workload.Pods.Count(pod => !pod.IsTerminating)));
        foreach (var ordinal in missing)
            pending.Add(WhyMissing(workload, ordinal));
        if (workload.Refusal is { } refusal && !pending.Any(pod => pod.Cause == WaitCause.Quota))
            pending.Add(new WaitingPod(declared.Id, WaitCause.Quota, refusal));
        return pending.ToImmutable();
    }

    private static WaitingPod Why(RunState run, PodRun pod) => pod.Phase switch
    {
        PodStage.Waiting when pod.Victims.IsEmpty => new WaitingPod(pod.ToString(), WaitCause.Node, pod.WaitReason ?? "not tried yet") { Refusals = pod.Refusals },
        PodStage.Waiting => new WaitingPod(pod.ToString(), WaitCause.Node, $"waits on {pod.Nominated} for preempted pods of lower priority to end"),
        _ when !run.IsResponding(pod.Node!) => new WaitingPod(pod.ToString(), WaitCause.Start, $"on {pod.Node}, which is unreachable"),
        PodStage.Attaching => new WaitingPod(pod.ToString(), WaitCause.Volume, pod.WaitReason ?? $"its volume is being attached to {pod.Node}"),
        _ => new WaitingPod(pod.ToString(), WaitCause.Start, $"starting on {pod.Node}"),
    };

    private static WaitingPod WhyMissing(WorkloadRun workload, int ordinal)
    {
        var declared = workload.Workload;
        var name = declared.Kind == WorkloadKind.Pod ? declared.Id : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{declared.Id}-{ordinal}");
        if (workload.Refusal is { } refusal)
            return new WaitingPod(name, WaitCause.Quota, refusal);
        if (declared.Kind == WorkloadKind.Pod)
            return new WaitingPod(name, WaitCause.Nothing, "a pod without a controller is not recreated");
        if (workload.Pods.Find(pod => pod.IsTerminating && pod.Pod.Ordinal == ordinal) is { } predecessor)
            return new WaitingPod(name, WaitCause.Predecessor, $"its predecessor is still terminating on {predecessor.Node}");
        var lower = workload.Pods.Where(pod => pod.Pod.Ordinal < ordinal && !pod.IsAvailable).MinBy(pod => pod.Pod.Ordinal);
        return new WaitingPod(name, WaitCause.Order, lower is null ? "not created yet" : $"comes after {lower}, which is not ready");
    }
}
