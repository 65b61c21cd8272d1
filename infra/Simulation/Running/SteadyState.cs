using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Controllers;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>
/// Creates the steady state of a cluster: all pods that quotas admit, scheduled by priority, with nodes added while they help. No time passes.
/// </summary>
internal static class SteadyState
{
    public static RunState Of(ClusterModel model, RunOptions options)
    {
        var run = new RunState(model, options, new ClusterState(model.InitialNodes(), model.Storage), new BudgetIndex(model.Budgets, model.Workloads));
        foreach (var group in model.NodeGroups)
            run.GroupSizes[group.Name] = run.NextNodeNumber[group.Name] = group.Desired;
        foreach (var workload in run.Workloads.ForReading.OrderByDescending(workload => workload.Workload.Pods.Priority))
            Make(run, run.Workloads[workload.Index]);
        Place(run);
        while (model.IsAutoscaled && options.CanLaunch && Autoscaler.Wanted(run) is { Count: > 0 } wanted)
        {
            foreach (var (group, zone) in wanted)
                Add(run, group, zone);
            Place(run);
        }

        SchedulingQueue.MarkTried(run);
        Autoscaler.MarkSeen(run);
        Endpoints.Count(run);
        Endpoints.Begin(run);
        run.ToReconcile.Clear();
        run.Events.Clear();
        return run;
    }

    private static void Make(RunState run, WorkloadRun workload)
    {
        var declared = workload.Workload;
        if (declared.Kind == WorkloadKind.DaemonSet)
        {
            workload.NodesToFill.AddRange(run.Cluster.Nodes.Select(node => node.Node).Where(node => PodFactory.Of(declared, [node]).Any()).Select(node => node.Name));
            DaemonSets.Reconcile(run, workload);
            return;
        }

        // Later pods of an ordered set are created when the earlier ones have a node.
        var count = declared is { Kind: WorkloadKind.StatefulSet, IsParallel: false } ? Math.Min(1, declared.Replicas) : declared.Replicas;
        for (var ordinal = 0; ordinal < count && Pods.Create(run, workload, ordinal, workload.Template, workload.Revision); ordinal++)
        {
        }
    }

    private static void Place(RunState run)
    {
        var refused = new Dictionary<PodSpec, (int Placed, PodRun Pod)>(ReferenceEqualityComparer.Instance);
        var placed = 0;
        var queue = new PriorityQueue<PodRun, (int Priority, long Sequence)>();
        var waiting = run.Waiting.ToArray();
        run.Waiting.Clear();
        foreach (var pod in waiting.Select(pod => run.Find(pod)!))
            queue.Enqueue(pod, (-pod.Pod.Spec.Priority, pod.Sequence));
        while (queue.TryDequeue(out var pod, out _))
        {
            // A pod that no node could take is not retried, unless its affinity or spread depends on new pods.
            if (refused.TryGetValue(pod.Pod.Spec, out var known) && known.Placed == (pod.Pod.Spec.LooksAtOthers ? placed : known.Placed))
                (pod.WaitReason, pod.Refusals) = (known.Pod.WaitReason, known.Pod.Refusals);
            else
            {
                var result = run.Scheduler.Place(run.Cluster, pod.Pod);
                (pod.WaitReason, pod.Refusals) = (result.Node is null ? result.ToString() : null, result.Refusals);
                if (result.Node is { } node)
                {
                    placed++;
                    if (Run(run, pod, node) is { } next)
                        queue.Enqueue(next, (-next.Pod.Spec.Priority, next.Sequence));
                    continue;
                }

                if (pod.Pod.Spec.Volumes.IsEmpty)
                    refused[pod.Pod.Spec] = (placed, pod);
            }

            run.Waiting.Add(pod.Pod);
        }
    }

    /// <summary>The next pod of an ordered set is created only now.</summary>
    private static PodRun? Run(RunState run, PodRun pod, NodeState node)
    {
        (pod.Node, pod.Zone, pod.Phase) = (node.Node.Name, node.Node.Zone, PodStage.Running);
        if (Volumes.AwaitHolder(run, pod))
            return null;
        (pod.IsReady, pod.IsListed, pod.IsAvailable) = (true, true, true);
        var workload = run.WorkloadOf(pod);
        workload.Images[node.Node.Name] = run.Now;
        var declared = workload.Workload;
        if (declared is not { Kind: WorkloadKind.StatefulSet, IsParallel: false } || pod.Pod.Ordinal + 1 >= declared.Replicas
            || !Pods.Create(run, workload, pod.Pod.Ordinal + 1, workload.Template, workload.Revision))
            return null;
        run.Waiting.Remove(workload.Pods[^1].Pod);
        return workload.Pods[^1];
    }

    private static void Add(RunState run, NodeGroup group, string zone)
    {
        run.GroupSizes[group.Name]++;
        run.Cluster.Add(Launches.NextNode(run, group, zone));
        DaemonSets.AddNode(run, run.Cluster.Nodes[^1].Node);
        foreach (var workload in run.Workloads.ForReading.Where(workload => workload.NodesToFill.Count > 0))
            DaemonSets.Reconcile(run, run.Workloads[workload.Index]);
    }
}
