namespace HaCluster.Simulation.Scheduling;

/// <summary>What the scheduler made of a pod.</summary>
/// <param name="Result">Its answer before anybody was pushed off.</param>
public sealed record PlacedPod(Pod Pod, SchedulingResult Result)
{
    /// <summary>Null when nobody had to go.</summary>
    public Eviction? Eviction { get; init; }

    /// <summary>Null when it waits.</summary>
    public NodeState? Node => Eviction?.Node ?? Result.Node;
}
