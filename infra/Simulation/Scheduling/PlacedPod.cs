namespace HaCluster.Simulation.Scheduling;

/// <summary>What the scheduler made of a pod.</summary>
/// <param name="Result">Its answer without preemption.</param>
/// <param name="Node">Null when it waits.</param>
public sealed record PlacedPod(Pod Pod, SchedulingResult Result, NodeState? Node)
{
    /// <summary>Whom it preempted, on one node or on several in turn; null when nobody had to go.</summary>
    public Eviction? Eviction { get; init; }
}
