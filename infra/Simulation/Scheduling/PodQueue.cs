using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// Pods that wait for a node: of a higher priority first, then in order of arrival. Whoever finds no room pushes off others of lower priority; their
/// controllers make them anew, and they wait at the end.
/// </summary>
public sealed class PodQueue(Scheduler scheduler, ClusterState state, IReadOnlyList<DisruptionBudget> budgets)
{
    private readonly PriorityQueue<Pod, (long, long)> _waiting = new();
    private long _arrivals;

    public void Add(Pod pod) => _waiting.Enqueue(pod, (-(long)pod.Spec.Priority, _arrivals++));

    /// <summary>Binds the next pod, or says why it cannot be; null when none waits.</summary>
    public PlacedPod? Next()
    {
        if (!_waiting.TryDequeue(out var pod, out _))
            return null;
        var result = scheduler.Place(state, pod);
        if (result.Node is not null || Preemption.Find(scheduler, state, pod, budgets) is not { } eviction)
            return new PlacedPod(pod, result);
        foreach (var victim in eviction.Victims)
        {
            state.Unbind(victim);
            // Nobody makes a bare pod anew.
            if (victim.Workload.Kind != WorkloadKind.Pod)
                Add(victim);
        }

        state.Bind(pod, eviction.Node);
        return new PlacedPod(pod, result) { Eviction = eviction };
    }
}
