using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>The immediate effect of each change; the simulation derives the rest.</summary>
internal static class Changes
{
    public static void Apply(RunState run, Change change)
    {
        switch (change)
        {
            case Change.WorkloadApplied applied:
                Workloads.Apply(run, applied.Workload);
                break;
            case Change.WorkloadDeleted deleted:
                Workloads.Delete(run, deleted.ObjectKind, deleted.Workload);
                break;
            case Change.PodDeleted deleted:
                Delete(run, deleted);
                break;
            case Change.PodFinished finished:
                Finish(run, finished);
                break;
            case Change.ClaimDeleted deleted:
                Volumes.Condemn(run, new ClaimKey(deleted.Namespace, deleted.Name));
                break;
            case Change.NodeCordoned cordoned:
                NodeChanges.Cordon(run, Disruptions.Node(run, cordoned.Node), cordoned.IsCordoned);
                break;
            case Change.NodeLabelled labelled:
                NodeChanges.Label(run, Disruptions.Node(run, labelled.Node), labelled.Labels, labelled.Taints);
                break;
            case Change.NodeDeleted deleted:
                NodeLifecycle.Delete(run, Disruptions.Node(run, deleted.Node).Node.Name, "deleted through the API");
                break;
            case Change.InstanceTerminated terminated:
                NodeLifecycle.Terminate(run, terminated.Node, "terminated through EC2");
                break;
            case Change.InstanceStarted started:
                NodeLifecycle.Restart(run, started.Node);
                break;
            case Change.NodeRetired retired:
                Retirements.Begin(run, Disruptions.Node(run, retired.Node), retired.ShrinksGroup);
                break;
            case Change.GroupResized resized:
                Retirements.Resize(run, resized);
                break;
            case Change.GroupSuspended suspended:
                Retirements.Suspend(run, suspended.Group, suspended.IsSuspended);
                break;
            case Change.ZoneShiftEnded ended:
                ZoneShifts.End(run, ended.Zone);
                break;
            case Change.DatabaseFailedOver failedOver:
                Databases.Begin(run, failedOver.Database, failedOver.Target);
                break;
            case Change.RulesApplied rules:
                Rule(run, rules);
                break;
        }
    }

    private static void Delete(RunState run, Change.PodDeleted deleted)
    {
        var pod = run.Workloads.ForReading.SelectMany(workload => workload.Pods)
            .FirstOrDefault(pod => pod.ToString() == deleted.Pod && (deleted.IsForced || !pod.IsTerminating)) is { } found
            ? run.Find(found.Pod)!
            : throw new ArgumentException($"{deleted.Pod} does not exist: name a pod as namespace/name", nameof(deleted));
        if (deleted.IsForced)
        {
            run.Log(new RunEvent.PodLost(run.Now, deleted.Pod, "deleted without a grace period"));
            Pods.Remove(run, pod, isUnmounted: pod.Node is null || run.IsResponding(pod.Node));
        }
        else
        {
            Pods.Kill(run, pod);
        }

        // Without a controller it is not created again.
        if (pod.Pod.Workload.Kind == WorkloadKind.Pod)
            Workloads.Delete(run, pod.Pod.Workload.ObjectKind, pod.Pod.Workload.Id);
    }

    private static void Finish(RunState run, Change.PodFinished finished)
    {
        var pod = Disruptions.Pod(run, finished.Pod) ?? throw new ArgumentException($"{finished.Pod} does not exist: name a pod as namespace/name", nameof(finished));
        var workload = run.WorkloadOf(pod);
        if (workload.Workload.Kind != WorkloadKind.Job)
            throw new ArgumentException($"{finished.Pod} is of a {workload.Workload.ObjectKind}: only pods of a Job finish", nameof(finished));
        workload.Workload = workload.Workload with { Replicas = finished.Left, MinServing = Math.Min(workload.Workload.MinServing, finished.Left) };
        workload.NewTarget = finished.Left;
        run.Log(new RunEvent.PodFinished(run.Now, finished.Pod, pod.Node ?? "no node"));
        // No loss: nothing is to recover.
        pod.IsTerminating = true;
        Pods.Remove(run, pod, isUnmounted: true);
        Workloads.Redeclare(run);
    }

    private static void Rule(RunState run, Change.RulesApplied rules)
    {
        run.Model = run.Model with
        {
            Budgets = rules.Budgets ?? run.Model.Budgets,
            Quotas = rules.Quotas ?? run.Model.Quotas,
            Storage = rules.Storage ?? run.Model.Storage,
        };
        if (rules.Storage is { } storage)
        {
            run.Cluster.Declare(storage);
            run.RoomVersion++;
        }

        if (rules.Quotas is not null || rules.Storage is not null)
            Count(run);
        if (rules.Budgets is not null)
            Workloads.Redeclare(run);
    }

    /// <summary>Pods that a quota refused are tried again.</summary>
    private static void Count(RunState run)
    {
        var pods = run.Workloads.ForReading.SelectMany(workload => workload.Pods).Where(pod => pod.IsCharged).Select(pod => pod.Pod);
        run.Quotas = run.Quotas.With(run.Model.Quotas, run.Model.Storage.Claims, pods);
        foreach (var workload in run.Workloads.ForReading.Where(workload => workload.Refusal is not null).ToArray())
            run.Touch(workload.Index);
    }
}
