using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Schedules;

/// <summary>Where kube-scheduler would place the Pending pods of a cluster.</summary>
/// <param name="Running">Pods that already had a node.</param>
public sealed record ClusterSchedule(ClusterModel Cluster, int Running, ImmutableArray<ScheduledPod> Pods)
{
    public int Placed => Pods.Count(pod => pod.Node is not null);

    public int Pending => Pods.Length - Placed;

    public static ClusterSchedule Of(ClusterModel model, int seed)
    {
        var state = new ClusterState(model.InitialNodes(), model.Storage);
        var pods = ExistingPods.Of(model);
        var (running, ledger) = (0, new QuotaLedger(model.Quotas, model.Storage.Claims));
        foreach (var pod in pods)
        {
            if (IsThere(pod))
                ledger.Take(pod.Pod);
            if (pod.Node is null || state.Find(pod.Node) is not { } node)
                continue;
            state.Bind(pod.Pod, node);
            if (pod.IsEnding)
                state.End(pod.Pod);
            running++;
        }

        var queue = new PodQueue(new Scheduler(new SchedulerOptions { Seed = seed }), state, new BudgetCover(model.Budgets, readsStatus: true));
        var refused = model.Workloads.Where(workload => workload.Refused is not null && !pods.Any(pod => pod.Pod.Workload == workload && !IsRefused(pod.Pod)));
        var overQuota = new List<ScheduledPod>();
        foreach (var pod in pods.Where(pod => pod.Node is null && !IsRefused(pod.Pod)))
        {
            if (!IsThere(pod) && ledger.Admit(pod.Pod) is { } why)
            {
                overQuota.Add(Answer(pod.Pod, null, $"not created: {why}", []));
                continue;
            }

            if (pod.NominatedNode is { } nominated && state.Find(nominated) is not null)
                queue.AddNominated(pod.Pod, nominated, pods.Any(other => other.Node == nominated && other.IsPreempted && other.Pod.Spec.Priority < pod.Pod.Spec.Priority));
            else
                queue.Add(pod.Pod);
        }

        return new ClusterSchedule(model, running, [.. Place(queue), .. overQuota, .. refused.Select(Refused)]);
    }

    /// <summary>Quotas limit new objects only, never existing ones.</summary>
    private static bool IsThere(ExistingPod pod) => pod.Node is not null || pod.Pod.Spec.IsAdmitted;

    /// <summary>An existing pod was admitted, even if its workload's template would be refused now.</summary>
    private static bool IsRefused(Pod pod) => pod.Spec.Refused is not null || pod.Workload is { Kind: WorkloadKind.Pod, Refused: not null };

    /// <summary>Its pods do not exist, so their names are not known.</summary>
    private static ScheduledPod Refused(Workload workload) =>
        new(workload.Namespace, workload.Name, workload.Id, workload.Pods.Priority, null, null, $"not created: {workload.Refused}", []);

    /// <summary>Repeated while a pod is placed, because others may have waited for it.</summary>
    private static ImmutableArray<ScheduledPod> Place(PodQueue queue)
    {
        var answers = new OrderedDictionary<Pod, ScheduledPod>();
        var waiting = new List<Pod>();
        for (var placed = true; placed;)
        {
            placed = false;
            while (queue.Next() is { } next)
            {
                foreach (var victim in next.Eviction?.Victims ?? [])
                    answers[victim] = Answer(victim, null, $"preempted by {next.Pod}", []);
                answers[next.Pod] = Answer(next.Pod, next.Node, next.Node is null ? next.Result.ToString() : null, next.Eviction?.Victims ?? []);
                if (next.Node is null)
                    waiting.Add(next.Pod);
                else
                    placed = true;
            }

            waiting.ForEach(queue.Add);
            waiting.Clear();
        }

        return [.. answers.Values];
    }

    private static ScheduledPod Answer(Pod pod, NodeState? node, string? reason, ImmutableArray<Pod> victims) => new(
        pod.Namespace, pod.Name, pod.Workload.Id, pod.Spec.Priority, node?.Node.Name, node?.Node.Zone is { Length: > 0 } zone ? zone : null, reason,
        [.. victims.Select(victim => victim.ToString())]);
}

/// <summary>A pod that had no node, or was preempted.</summary>
/// <param name="Workload">The id of its workload; its own id without a controller.</param>
/// <param name="Node">Null when it stays Pending.</param>
/// <param name="Zone">Of the node; null when it has none.</param>
/// <param name="Reason">Why it stays Pending, as kube-scheduler words it; null when it does not.</param>
/// <param name="Preempts">Pods that were preempted for it.</param>
public sealed record ScheduledPod(string Namespace, string Name, string Workload, int Priority, string? Node, string? Zone, string? Reason, ImmutableArray<string> Preempts);
