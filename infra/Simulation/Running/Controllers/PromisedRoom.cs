using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// The cluster as pods see it that are no more important than those that wait on a node for victims to end: the room promised to these is taken. Without
/// it the two would push each other off for ever
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/runtime/framework.go, <c>RunFilterPluginsWithNominatedPods</c>).
/// </summary>
internal sealed class PromisedRoom(RunState run, IEnumerable<PodRun> waiting)
{
    private readonly List<PodRun> _promised = [.. waiting.Where(pod => !pod.Victims.IsEmpty)];
    private ClusterState? _state;

    /// <summary>Puts the pod onto a node that takes it with the promised pods and without them. To be asked in order of priority.</summary>
    public SchedulingResult Place(PodRun pod)
    {
        if (StateFor(pod) is not { } state)
            return run.Scheduler.Place(run.Cluster, pod.Pod);
        var result = run.Scheduler.Schedule(state, pod.Pod);
        if (result.Node is not { } chosen)
            return result;
        var node = run.Cluster.Find(chosen.Node.Name)!;
        if (!run.Scheduler.Fits(run.Cluster, pod.Pod, node))
            return run.Scheduler.Schedule(run.Cluster, pod.Pod) with { Node = null };
        run.Cluster.Bind(pod.Pod, node);
        state.Bind(pod.Pod, chosen);
        return result with { Node = node };
    }

    /// <summary>The pod was promised its node.</summary>
    public void Keep(PodRun pod) => _promised.Add(pod);

    /// <summary>It no longer holds to the promise: it is placed now, or asks again.</summary>
    public void Release(PodRun pod)
    {
        if (_promised.Remove(pod))
            _state?.Unbind(pod.Pod);
    }

    /// <summary>Null when no promise concerns the pod.</summary>
    private ClusterState? StateFor(PodRun pod)
    {
        foreach (var other in _promised)
        {
            if (other.Pod.Spec.Priority < pod.Pod.Spec.Priority)
                continue;
            _state ??= run.Cluster.Clone();
            if (_state.NodeOf(other.Pod) is null && _state.Find(other.Nominated!) is { } node)
                _state.Bind(other.Pod, node);
        }

        return _state;
    }
}
