using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// Pending pods: highest priority first, then in order of arrival. A pod that does not fit preempts pods of lower priority, is nominated
/// for their node, and is retried with all pods refused before: the resources go to the pod of the highest priority among them, even if it never preempts
/// itself (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/backend/queue/scheduling_queue.go). Victims are recreated by their controllers,
/// and wait at the end. The state must not be changed by others meanwhile.
/// </summary>
public sealed class PodQueue(Scheduler scheduler, ClusterState state, BudgetCover budgets)
{
    private readonly Dictionary<PodSpec, (int View, SchedulingResult Result)> _known = new(ReferenceEqualityComparer.Instance);
    private readonly PriorityQueue<Pod, (long Importance, long Arrival)> _active = new();
    private readonly List<Entry> _again = [];
    private readonly Queue<Entry> _refused = [];
    private readonly Dictionary<Pod, Eviction> _evictions = [];
    private readonly HashSet<Pod> _awaiting = [];
    private readonly List<Pod> _evicted = [];
    private readonly NominatedRoom _room = new(scheduler, state);
    private long _arrivals;
    private int _placed;
    private int _released;

    public void Add(Pod pod) => _active.Enqueue(pod, OrderOf(pod));

    /// <summary>Adds a pod that has already preempted others, and keeps its resources on the node.</summary>
    /// <param name="awaitsVictims">Whether some of them are still ending there: it preempts no further pods meanwhile.</param>
    public void AddNominated(Pod pod, string node, bool awaitsVictims)
    {
        _room.Nominate(pod, node);
        if (awaitsVictims)
            _awaiting.Add(pod);
        Add(pod);
    }

    /// <summary>
    /// Binds the next pod; when no more can be bound, returns the reason for each of the rest. Null when the queue is empty. Earlier pods in this order were
    /// placed before.
    /// </summary>
    public PlacedPod? Next()
    {
        while (true)
        {
            if (_active.TryDequeue(out var pod, out var order))
            {
                if (Try(pod, order) is { } placed)
                    return placed;
            }
            else if (_again.Count > 0)
            {
                _active.EnqueueRange(_again.Select(entry => (entry.Pod, entry.Order)));
                _again.Clear();
                _room.Forget();
            }
            else
            {
                return TakeRefused();
            }
        }
    }

    /// <summary>Null when the pod is to be tried again, or is refused for now.</summary>
    private PlacedPod? Try(Pod pod, (long Importance, long Arrival) order)
    {
        var nominated = _room.Release(pod);
        // A pod that no node could take is not retried while no pod has left since.
        if (nominated is null && _known.TryGetValue(pod.Spec, out var known) && known.View == ViewOf(pod))
            return Refuse(pod, order, known.Result);
        var result = _room.Place(pod, nominated);
        if (result.Node is { } node)
        {
            _placed++;
            if (nominated is not null && nominated != node.Node.Name)
                ReleaseNomination();
            return new PlacedPod(pod, result, node) { Eviction = EvictionOf(pod) };
        }

        if (nominated is not null && _awaiting.Contains(pod))
        {
            _room.Nominate(pod, nominated);
            return Refuse(pod, order, result);
        }

        if (nominated is not null)
            ReleaseNomination();

        if (Preemption.Find(scheduler, _room.SeenBy(pod), pod, budgets, _evicted) is not { } eviction)
        {
            // A pod with volumes is bound to their zone; equal pods may not be.
            if (pod.Spec.Volumes.IsEmpty)
                _known[pod.Spec] = (ViewOf(pod), result);
            return Refuse(pod, order, result);
        }

        return Preempt(pod, order, result, eviction);
    }

    private PlacedPod? Preempt(Pod pod, (long Importance, long Arrival) order, SchedulingResult result, Eviction found)
    {
        var node = state.NodeAt(found.Node.Index);
        var earlier = _evictions.GetValueOrDefault(pod);
        _evictions[pod] = found with
        {
            Node = node,
            Victims = [.. earlier?.Victims ?? [], .. found.Victims],
            BudgetViolations = found.BudgetViolations + (earlier?.BudgetViolations ?? 0),
        };
        var isContested = _refused.Concat(_again).Any(entry => entry.Order.Importance < order.Importance);
        foreach (var victim in found.Victims)
        {
            state.Unbind(victim);
            _evicted.Add(victim);
            // A pod without a controller is not recreated.
            if (victim.Workload.Kind == WorkloadKind.Pod)
                continue;
            if (isContested)
                _again.Add(new Entry(victim, OrderOf(victim), null));
            else
                Add(victim);
        }

        _room.Forget();
        // The victims may leave more room than this pod takes.
        RetryRefused();
        if (!isContested)
        {
            // Later pods see its resources as used anyway, and no waiting pod has a higher priority.
            _placed++;
            state.Bind(pod, node);
            return new PlacedPod(pod, result, node) { Eviction = EvictionOf(pod) };
        }

        _room.Nominate(pod, node.Node.Name);
        _again.Add(new Entry(pod, order, null));
        return null;
    }

    /// <summary>The resources of a nominated pod are free again: pods that were refused because of them are retried.</summary>
    private void ReleaseNomination()
    {
        _released++;
        RetryRefused();
    }

    private void RetryRefused()
    {
        _again.AddRange(_refused);
        _refused.Clear();
    }

    private PlacedPod? Refuse(Pod pod, (long Importance, long Arrival) order, SchedulingResult result)
    {
        _refused.Enqueue(new Entry(pod, order, result));
        return null;
    }

    private PlacedPod? TakeRefused()
    {
        if (!_refused.TryDequeue(out var entry))
            return null;
        var (pod, _, result) = entry;
        return new PlacedPod(pod, result!, null) { Eviction = EvictionOf(pod) };
    }

    /// <summary>Victims that have found another node since are bound again and were already reported.</summary>
    private Eviction? EvictionOf(Pod pod) => _evictions.GetValueOrDefault(pod) is { } eviction
        ? eviction with { Victims = eviction.Victims.RemoveAll(victim => state.NodeOf(victim) is not null) }
        : null;

    private (long Importance, long Arrival) OrderOf(Pod pod) => (-(long)pod.Spec.Priority, _arrivals++);

    /// <summary>The version of the cluster that matters to a pod: removed pods, and for pods with affinity or spread rules also added pods.</summary>
    private int ViewOf(Pod pod) => _evicted.Count + _released + (pod.Spec.LooksAtOthers ? _placed : 0);

    /// <param name="Result">Of a pod that was refused.</param>
    private sealed record Entry(Pod Pod, (long Importance, long Arrival) Order, SchedulingResult? Result);
}
