namespace HaCluster.Simulation.Scheduling;

/// <summary>The options of the scheduler.</summary>
public sealed record SchedulerOptions
{
    /// <summary>The seed for ties between nodes of the same score.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// In a large cluster only some of the feasible nodes are found and scored: <c>percentageOfNodesToScore: 0</c>, the default of
    /// kube-scheduler.
    /// </summary>
    public bool SamplesNodes { get; init; } = true;

    /// <summary>Pods of a workload that asks for no spread are spread by hosts and zones: <c>defaultingType: System</c>.</summary>
    public bool DefaultSpread { get; init; } = true;
}
