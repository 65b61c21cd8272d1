namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>A score plugin of kube-scheduler, with its default weight.</summary>
internal interface INodeScore
{
    /// <summary>Adds its weighted scores, each between 0 and 100 before weighting; adds nothing when it does not apply.</summary>
    void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle);
}
