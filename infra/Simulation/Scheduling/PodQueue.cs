using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// Pods that wait for a node: of a higher priority first, then in order of arrival. Whoever finds no room pushes off others of lower priority; their
/// controllers make them anew, and they wait at the end. The state is changed by nobody else meanwhile.
/// </summary>
public sealed class PodQueue(Scheduler scheduler, ClusterState state, BudgetCover budgets)
{
    private readonly Dictionary<PodSpec, (int View, SchedulingResult Result)> _refused = new(ReferenceEqualityComparer.Instance);
    private readonly PriorityQueue<Pod, (long, long)> _waiting = new();
    private long _arrivals;
    private int _placed;
    private int _evictions;

    public void Add(Pod pod) => _waiting.Enqueue(pod, (-(long)pod.Spec.Priority, _arrivals++));

    /// <summary>Binds the next pod, or says why it cannot be; null when none waits.</summary>
    public PlacedPod? Next()
    {
        if (!_waiting.TryDequeue(out var pod, out _))
            return null;
        // What no node could take, nobody having left since, no node can take now.
        if (_refused.TryGetValue(pod.Spec, out var known) && known.View == ViewOf(pod))
            return new PlacedPod(pod, known.Result);
        var result = scheduler.Place(state, pod);
        if (result.Node is not null)
        {
            _placed++;
            return new PlacedPod(pod, result);
        }

        if (Preemption.Find(scheduler, state, pod, budgets) is not { } eviction)
        {
            // A pod with volumes is tied to their zone, its likes are not.
            if (pod.Spec.Volumes.IsEmpty)
                _refused[pod.Spec] = (ViewOf(pod), result);
            return new PlacedPod(pod, result);
        }

        (_placed, _evictions) = (_placed + 1, _evictions + 1);
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

    /// <summary>What a pod sees of the cluster: who has left, and for pods that look at others also who has come.</summary>
    private int ViewOf(Pod pod) => _evictions + (pod.Spec.LooksAtOthers ? _placed : 0);
}
