using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.Controllers;
using HaCluster.Simulation.Running.State;

namespace HaCluster.Simulation.Running;

/// <summary>Advances virtual time from one due event to the next.</summary>
internal static class RunLoop
{
    /// <summary>Runs until no event is due, or until <paramref name="end"/>.</summary>
    public static void Run(RunState run, TimeSpan end)
    {
        while (run.Agenda.NextAt is { } at && at <= end)
        {
            run.Now = at;
            while (run.Agenda.NextAt == at)
                Dispatch(run, run.Agenda.Take());
            Settle(run);
        }

        if (run.Agenda.NextAt is not null)
            run.Now = end;
    }

    /// <summary>All immediate consequences of the last event.</summary>
    public static void Settle(RunState run)
    {
        int before;
        do
        {
            before = run.Events.Count;
            Reconcile(run);
            SchedulingQueue.Run(run);
            Drains.Look(run);
            GroupUpdates.Look(run);
            Retirements.Look(run);
        }
        while (run.ToReconcile.Count > 0 || run.Events.Count > before);

        Autoscaler.Look(run);
        Endpoints.Count(run);
    }

    private static void Reconcile(RunState run)
    {
        while (run.ToReconcile.Count > 0)
        {
            var workload = run.Workloads[run.ToReconcile.Min];
            run.ToReconcile.Remove(workload.Index);
            if (workload.IsDeleted)
                continue;
            switch (workload.Workload.Kind)
            {
                case WorkloadKind.Deployment or WorkloadKind.Job:
                    Deployments.Reconcile(run, workload);
                    break;
                case WorkloadKind.StatefulSet:
                    StatefulSets.Reconcile(run, workload);
                    break;
                case WorkloadKind.DaemonSet:
                    DaemonSets.Reconcile(run, workload);
                    break;
            }
        }
    }

    private static void Dispatch(RunState run, Due due)
    {
        switch (due.Kind)
        {
            case DueKind.NodeMarked:
                NodeLifecycle.Mark(run, due.Name);
                break;
            case DueKind.ZoneTaints:
                NodeLifecycle.TaintNext(run, due.Name);
                break;
            case DueKind.InstanceGone:
                NodeLifecycle.Delete(run, due.Name, "EC2 says that its instance is terminated");
                break;
            case DueKind.OutOfServiceCollected:
                NodeLifecycle.CollectOutOfService(run, due.Name);
                break;
            case DueKind.InstanceRepaired:
                Launches.Repair(run, due.Name);
                break;
            case DueKind.InstanceReplaced:
                Launches.Replace(run, due.Name);
                break;
            case DueKind.NodeJoins:
                Launches.Join(run, due.Name);
                break;
            case DueKind.AutoscalerScans:
                Autoscaler.Scan(run);
                break;
            case DueKind.SchedulerRetries:
                run.SchedulerAt = null;
                run.SchedulerSaw = null;
                break;
            case DueKind.DrainRetries:
                Drains.Retry(run, due.Name);
                break;
            case DueKind.DrainTimesOut:
                Drains.TimeOut(run, due.Name);
                break;
            case DueKind.InstanceUnhealthy:
                NodeLifecycle.FindUnhealthy(run, due.Name);
                break;
            case DueKind.NodeReturns:
                NodeLifecycle.Return(run, due.Name);
                break;
            case DueKind.WriterMoves:
                Databases.Move(run, due.Name);
                break;
            case DueKind.GroupUpdateContinues:
                break;
            default:
                if (due.Pod is { } pod && run.Find(pod) is { } found)
                    Dispatch(run, due.Kind, found);
                break;
        }
    }

    private static void Dispatch(RunState run, DueKind kind, PodRun pod)
    {
        switch (kind)
        {
            case DueKind.PodStarts:
                Kubelet.Started(run, pod);
                break;
            case DueKind.PodAvailable:
                Kubelet.Available(run, pod);
                break;
            case DueKind.VolumeAttaches:
                Volumes.Attached(run, pod);
                break;
            case DueKind.PodEnds:
                Pods.End(run, pod);
                break;
            case DueKind.TolerationEnds:
                NodeLifecycle.Evict(run, pod);
                break;
            case DueKind.OrphansCollected:
                NodeLifecycle.Collect(run, pod);
                break;
        }
    }
}
