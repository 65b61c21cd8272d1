namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>
/// Nodes with more left over are better. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/noderesources/least_allocated.go for cpu and memory; weight 1.
/// </summary>
internal sealed class LeastAllocated : INodeScore
{
    public void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle)
    {
        var rows = cycle.State.Rows;
        var requests = cycle.Template.NonZeroRequests;
        for (var at = 0; at < nodes.Length; at++)
        {
            ref readonly var row = ref rows[nodes[at]];
            var resources = (row.Cpu == 0 ? 0 : 1) + (row.Memory == 0 ? 0 : 1);
            if (resources > 0)
                totals[at] += (Left(row.NonZeroCpu + requests.MilliCpu, row.Cpu) + Left(row.NonZeroMemory + requests.MemoryBytes, row.Memory)) / resources;
        }
    }

    private static long Left(long requested, long capacity) =>
        requested > capacity || capacity == 0 ? 0 : (capacity - requested) * Normalisation.MaxScore / capacity;
}
