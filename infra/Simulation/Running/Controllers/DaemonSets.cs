using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>One pod on each eligible node (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/).</summary>
internal static class DaemonSets
{
    public static void Reconcile(RunState run, WorkloadRun workload)
    {
        while (workload.NodesToFill is [var name, ..])
        {
            var node = run.Cluster.Find(name);
            var daemon = node is null ? null : PodFactory.Of(workload.Workload with { Pods = workload.Template }, [node.Node]).FirstOrDefault();
            if (daemon is not null && !Pods.Create(run, workload, workload.Made, daemon.Spec, workload.Revision, name))
                return;
            workload.NodesToFill.Remove(name);
        }

        if (workload.IsUpdating)
            Roll(run, workload);
    }

    public static void AddNode(RunState run, Node node)
    {
        foreach (var workload in run.Workloads.ForReading)
        {
            if (workload.Workload.Kind != WorkloadKind.DaemonSet || workload.IsDeleted || !PodFactory.Of(workload.Workload, [node]).Any())
                continue;
            run.Workloads[workload.Index].NodesToFill.Add(node.Name);
            run.Touch(workload.Index);
        }
    }

    /// <summary>
    /// The node or the template changed: the pod is created where it is missing now, and deleted where it may no longer run, which a
    /// <c>NoSchedule</c> taint alone does not mean
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/daemon/daemon_controller.go, <c>NodeShouldRunDaemonPod</c>).
    /// </summary>
    public static void Reconsider(RunState run, WorkloadRun workload, NodeState node)
    {
        var name = node.Node.Name;
        var declared = workload.Workload with { Pods = workload.Template };
        var mayStart = PodFactory.Of(declared, [node.Node with { Taints = node.Taints }]).Any();
        if (!mayStart)
            workload.NodesToFill.Remove(name);
        else if (!workload.NodesToFill.Contains(name) && !workload.Pods.Exists(pod => pod.Target == name))
            workload.NodesToFill.Add(name);
        if (!mayStart && workload.Pods.Find(pod => pod.Target == name) is { } running
            && !PodFactory.Of(declared, [node.Node with { Taints = [.. node.Taints.Where(taint => taint.Effect == TaintEffect.NoExecute)] }]).Any())
            Pods.Delete(run, running, isLoss: false);
        run.Touch(workload.Index);
    }

    /// <summary>
    /// Deletes old pods while no more than <see cref="Workload.MaxUnavailable"/> are missing, starting with nodes where the pod is not ready.
    /// </summary>
    private static void Roll(RunState run, WorkloadRun workload)
    {
        var old = workload.Pods.Where(pod => pod.Revision != workload.Revision && !pod.IsTerminating && !pod.IsOrphan).ToArray();
        foreach (var pod in old.Where(pod => !pod.IsAvailable && !workload.WaitsForDeletes))
            Pods.Delete(run, pod);
        var missing = workload.Desired - workload.Pods.Count(pod => pod.IsAvailable);
        foreach (var pod in old.Where(pod => pod.IsAvailable).Take(workload.WaitsForDeletes ? 0 : Math.Max(1, workload.Workload.MaxUnavailable) - missing))
            Pods.Delete(run, pod);
        if (old.Length > 0 || missing > 0)
            return;
        workload.IsUpdating = false;
        run.Log(new RunEvent.WorkloadUpdateEnded(run.Now, workload.Workload.Id));
    }
}
