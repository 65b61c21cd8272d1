using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Schedules;

/// <summary>Where kube-scheduler would put the pods of a cluster that wait for a node.</summary>
/// <param name="Running">Pods that had a node before.</param>
public sealed record ClusterSchedule(ClusterModel Cluster, int Running, ImmutableArray<ScheduledPod> Pods)
{
    public int Placed => Pods.Count(pod => pod.Node is not null);

    public int Pending => Pods.Length - Placed;

    public static ClusterSchedule Of(ClusterModel model, int seed)
    {
        var state = new ClusterState(model.NodesAtRest(), model.Storage);
        var pods = ExistingPods.Of(model);
        var running = 0;
        foreach (var (pod, nodeName, isEnding) in pods)
        {
            if (nodeName is null || state.Find(nodeName) is not { } node)
                continue;
            state.Bind(pod, node);
            if (isEnding)
                state.End(pod);
            running++;
        }

        var waiting = pods.Where(entry => entry.Node is null).Select(entry => entry.Pod).ToList();
        return new ClusterSchedule(model, running, Place(new PodQueue(new Scheduler(new SchedulerOptions { Seed = seed }), state, new BudgetCover(model.Budgets)), waiting));
    }

    /// <summary>As long as one of them finds a place, others may that waited for it.</summary>
    private static ImmutableArray<ScheduledPod> Place(PodQueue queue, List<Pod> waiting)
    {
        var answers = new OrderedDictionary<Pod, ScheduledPod>();
        for (var placed = true; placed && waiting.Count > 0;)
        {
            waiting.ForEach(queue.Add);
            waiting.Clear();
            placed = false;
            while (queue.Next() is { } next)
            {
                foreach (var victim in next.Eviction?.Victims ?? [])
                    answers[victim] = Answer(victim, null, $"pushed off by {next.Pod}", []);
                answers[next.Pod] = Answer(next.Pod, next.Node, next.Node is null ? next.Result.ToString() : null, next.Eviction?.Victims ?? []);
                if (next.Node is null)
                    waiting.Add(next.Pod);
                else
                    placed = true;
            }
        }

        return [.. answers.Values];
    }

    private static ScheduledPod Answer(Pod pod, NodeState? node, string? reason, ImmutableArray<Pod> victims) => new(
        pod.Namespace, pod.Name, pod.Workload.Id, pod.Spec.Priority, node?.Node.Name, node?.Node.Zone is { Length: > 0 } zone ? zone : null, reason,
        [.. victims.Select(victim => victim.ToString())]);
}
