using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>The kubelet of each node: starts and ends its pods.</summary>
internal static class Kubelet
{
    public static void Accept(RunState run, PodRun pod, NodeState node)
    {
        run.Waiting.Remove(pod.Pod);
        (pod.Node, pod.Zone, pod.WaitReason, pod.Victims) = (node.Node.Name, node.Node.Zone, null, []);
        if (pod.Recovery is { } recovery)
            pod.Recovery = recovery with { ScheduledAt = run.Now };
        run.PlacedVersion++;
        run.ToCount.Add(pod.Workload);
        run.Log(new RunEvent.PodScheduled(run.Now, pod.ToString(), node.Node.Name));
        if (pod.Pod.Spec.Volumes.IsEmpty)
        {
            Start(run, pod);
            return;
        }

        pod.Phase = PodStage.Attaching;
        Volumes.Attach(run, pod);
    }

    public static void Start(RunState run, PodRun pod)
    {
        pod.Phase = PodStage.Starting;
        var images = run.WorkloadOf(pod).Images;
        images.TryAdd(pod.Node!, run.Now + run.Timers.ImagePull);
        if (pod.Pod.Spec.StartsWithin == Model.PodSpec.NeverStarts)
            return;
        var from = images[pod.Node!] > run.Now ? images[pod.Node!] : run.Now;
        run.Agenda.Add(from + pod.Pod.Spec.StartsWithin, new Due(DueKind.PodStarts, pod.Pod));
    }

    public static void Started(RunState run, PodRun pod)
    {
        if (pod.IsTerminating || !run.IsResponding(pod.Node!))
            return;
        (pod.Phase, pod.IsReady, pod.IsListed) = (PodStage.Running, true, true);
        run.HealthVersion++;
        run.Touch(pod.Workload);
        run.Log(new RunEvent.PodReady(run.Now, pod.ToString(), pod.Node!));
        var workload = run.WorkloadOf(pod);
        if (workload.Workload.MinReady > TimeSpan.Zero)
            run.Agenda.Add(run.Now + workload.Workload.MinReady, new Due(DueKind.PodAvailable, pod.Pod));
        else
            pod.IsAvailable = true;
        if (pod.Recovery is not { } recovery)
            return;
        pod.Recovery = null;
        var phases = recovery.Phases(pod.ToString(), run.Now);
        if (workload.History.Slowest is null || phases.Total > workload.History.Slowest.Total)
            workload.History.Slowest = phases;
    }

    public static void Available(RunState run, PodRun pod)
    {
        pod.IsAvailable = pod.IsListed;
        run.Touch(pod.Workload);
    }
}
