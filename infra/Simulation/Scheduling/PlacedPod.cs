namespace HaCluster.Simulation.Scheduling;

/// <summary>The result of scheduling a pod.</summary>
/// <param name="Result">The result without preemption.</param>
/// <param name="Node">Null when it stays Pending.</param>
public sealed record PlacedPod(Pod Pod, SchedulingResult Result, NodeState? Node)
{
    /// <summary>The pods that it preempted, on one or several nodes; null when none.</summary>
    public Eviction? Eviction { get; init; }
}
