namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>One view of which nodes suit a pod better: a score plugin of kube-scheduler, with its default weight.</summary>
internal interface INodeScore
{
    /// <summary>Adds its weighted scores, each between 0 and 100 before; nothing when it has no opinion.</summary>
    void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle);
}
