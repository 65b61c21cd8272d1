namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// The resources of nominated pods, which wait on a node for their victims to end: pods of equal or lower priority see them as used, pods of higher
/// priority do not
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/runtime/framework.go, <c>RunFilterPluginsWithNominatedPods</c>).
/// Without it two pods would preempt each other forever.
/// </summary>
internal sealed class NominatedRoom(Scheduler scheduler, ClusterState cluster)
{
    private readonly List<(Pod Pod, string Node)> _nominated = [];

    /// <summary>The cluster including nominated pods of equal or higher priority than the last pod.</summary>
    private ClusterState? _filled;

    public void Nominate(Pod pod, string node) => _nominated.Add((pod, node));

    /// <summary>Removes the nomination: the pod is scheduled now, or retried.</summary>
    /// <returns>The node; null when it had none.</returns>
    public string? Release(Pod pod)
    {
        var at = _nominated.FindIndex(one => one.Pod == pod);
        if (at < 0)
            return null;
        var node = _nominated[at].Node;
        _nominated.RemoveAt(at);
        _filled?.Unbind(pod);
        return node;
    }

    /// <summary>Must be called when the cluster was changed by others, or when a pod of higher priority follows one of lower priority.</summary>
    public void Forget() => _filled = null;

    /// <summary>The cluster as the pod sees it. Must be called in order of priority: see <see cref="Forget"/>.</summary>
    public ClusterState SeenBy(Pod pod)
    {
        foreach (var (other, name) in _nominated)
        {
            if (other.Spec.Priority < pod.Spec.Priority || other == pod)
                continue;
            _filled ??= cluster.Clone();
            if (_filled.NodeOf(other) is null && _filled.Find(name) is { } node)
                _filled.Bind(other, node);
        }

        return _filled ?? cluster;
    }

    /// <summary>Binds the pod to a node that takes it with the nominated pods and without them.</summary>
    /// <param name="nominated">Its nominated node, which is preferred to all others if it fits.</param>
    public SchedulingResult Place(Pod pod, string? nominated = null)
    {
        var seen = SeenBy(pod);
        if (nominated is not null && seen.Find(nominated) is { } first && scheduler.Fits(seen, pod, first) && Bind(pod, seen, first) is { } taken)
            return taken;
        if (ReferenceEquals(seen, cluster))
            return scheduler.Place(cluster, pod);
        var result = scheduler.Schedule(seen, pod);
        if (result.Node is not { } chosen)
            return result;
        return Bind(pod, seen, chosen) ?? scheduler.Schedule(cluster, pod) with { Node = null };
    }

    /// <summary>Null when the node takes the pod only once the nominated pods are there.</summary>
    private SchedulingResult? Bind(Pod pod, ClusterState seen, NodeState chosen)
    {
        var node = cluster.Find(chosen.Node.Name)!;
        if (!ReferenceEquals(seen, cluster))
        {
            if (!scheduler.Fits(cluster, pod, node))
                return null;
            seen.Bind(pod, chosen);
        }

        cluster.Bind(pod, node);
        return new SchedulingResult { Node = node, NodeCount = cluster.Nodes.Count };
    }
}
