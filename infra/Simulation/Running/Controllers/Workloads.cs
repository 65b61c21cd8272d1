using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>Workloads that are created, changed and deleted while the run goes on.</summary>
internal static class Workloads
{
    /// <summary>A rolling update to another template.</summary>
    /// <param name="pods">The declared pods, or for a restart the template itself.</param>
    /// <param name="isFull">Whether every pod is replaced, whatever the strategy holds back.</param>
    public static void Update(RunState run, WorkloadRun workload, PodSpec pods, bool isRestart, bool isFull)
    {
        workload.IsFullUpdate = isFull;
        if (!isRestart)
            workload.Images.Clear();
        switch (workload.Workload.Kind)
        {
            case WorkloadKind.Deployment:
                Deployments.Update(workload, pods);
                break;
            case WorkloadKind.StatefulSet:
                StatefulSets.Update(workload, pods);
                break;
            default:
                workload.Revision = ++workload.LastRevision;
                workload.Template = pods;
                break;
        }

        workload.IsUpdating = true;
        run.Log(new RunEvent.WorkloadUpdateStarted(run.Now, workload.Workload.Id));
        run.Touch(workload.Index);
    }

    public static void Apply(RunState run, Workload declared)
    {
        if (run.Workloads.SlotOf(declared.ObjectKind, declared.Id) is not { } slot)
            Begin(run, run.Workloads.Add(declared));
        else if (run.Workloads[slot] is { IsDeleted: true } deleted)
            Revive(run, deleted, declared);
        else
            Change(run, run.Workloads[slot], declared);
        Redeclare(run);
    }

    /// <exception cref="ArgumentException">There is no such workload.</exception>
    public static void Delete(RunState run, string kind, string id)
    {
        if (run.Workloads.SlotOf(kind, id) is not { } slot || run.Workloads[slot] is not { IsDeleted: false } workload)
            throw new ArgumentException($"{kind} {id} is not a workload of {run.Model.Name}", nameof(id));
        workload.IsDeleted = true;
        workload.IsUpdating = false;
        workload.Refusal = null;
        workload.OldSets = [];
        workload.NodesToFill.Clear();
        workload.Lost.Clear();
        workload.Workload = workload.Workload with { Replicas = 0, MinServing = 0 };
        workload.NewTarget = 0;
        run.Log(new RunEvent.WorkloadDeleted(run.Now, id));
        foreach (var pod in workload.Pods.Where(pod => !pod.IsTerminating).ToArray())
            Pods.Kill(run, pod);
        run.ToCount.Add(slot);
        Redeclare(run);
    }

    /// <summary>The model, and the budgets of each workload, follow the declarations.</summary>
    public static void Redeclare(RunState run)
    {
        run.Model = run.Model with { Workloads = [.. run.Workloads.ForReading.Where(workload => !workload.IsDeleted).Select(workload => workload.Workload)] };
        run.Budgets = new BudgetIndex(run.Model.Budgets, [.. run.Workloads.ForReading.Select(workload => workload.Workload)]);
        run.HealthVersion++;
    }

    private static void Begin(RunState run, WorkloadRun workload)
    {
        Fill(run, workload);
        workload.History.Begin(run.Now, 0, workload.Desired, workload.Workload.MinServing);
        run.Touch(workload.Index);
    }

    /// <summary>One of the same name was deleted: its pods may still be ending, and those of a StatefulSet are in the way of the new ones.</summary>
    private static void Revive(RunState run, WorkloadRun workload, Workload declared)
    {
        workload.IsDeleted = false;
        workload.Workload = declared;
        workload.Revision = ++workload.LastRevision;
        workload.Template = PodFactory.OfRevision(declared, declared.Pods, workload.Revision);
        workload.NewTarget = declared.Replicas;
        workload.Images.Clear();
        Begin(run, workload);
    }

    /// <summary>A pod without a controller is created once; a DaemonSet is given its nodes. The others create their pods themselves.</summary>
    private static void Fill(RunState run, WorkloadRun workload)
    {
        if (workload.Workload is { Kind: WorkloadKind.Pod, Replicas: > 0 })
            Pods.Create(run, workload, 0, workload.Template, workload.Revision);
        else if (workload.Workload.Kind == WorkloadKind.DaemonSet)
            Reconsider(run, workload);
    }

    private static void Change(RunState run, WorkloadRun workload, Workload declared)
    {
        var before = workload.Workload;
        var isNewTemplate = !ReferenceEquals(before.Pods, declared.Pods);
        // The update keeps the template before it, so it comes first.
        if (isNewTemplate && declared.Kind is not (WorkloadKind.Job or WorkloadKind.Pod))
            Update(run, workload, declared.Pods, isRestart: false, isFull: false);
        workload.Workload = declared;
        if (declared.Kind == WorkloadKind.DaemonSet && isNewTemplate)
            Reconsider(run, workload);
        if (before.Replicas != declared.Replicas)
        {
            run.Log(new RunEvent.WorkloadScaled(run.Now, declared.Id, before.Replicas, declared.Replicas));
            if (declared.Kind is WorkloadKind.Deployment or WorkloadKind.Job)
                Deployments.Resize(workload);
        }

        run.Touch(workload.Index);
    }

    private static void Reconsider(RunState run, WorkloadRun workload)
    {
        foreach (var node in run.Cluster.Nodes)
            DaemonSets.Reconsider(run, workload, node);
    }
}
