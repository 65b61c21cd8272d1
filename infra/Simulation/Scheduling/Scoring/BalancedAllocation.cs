using System.Runtime.CompilerServices;

namespace HaCluster.Simulation.Scheduling.Scoring;

/// <summary>
/// Nodes of which cpu and memory are used to like shares are better. Not scored for pods that request neither. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go; weight 1.
/// </summary>
internal sealed class BalancedAllocation : INodeScore
{
    [MethodImpl(HotPath.Options)]
    public void AddTo(Span<long> totals, ReadOnlySpan<int> nodes, in SchedulingCycle cycle)
    {
        var requests = cycle.Spec.Requests;
        if (requests is { MilliCpu: 0, MemoryBytes: 0 })
            return;
        var rows = cycle.State.Rows;
        for (var at = 0; at < nodes.Length; at++)
        {
            ref readonly var row = ref rows[nodes[at]];
            var deviation = row.Cpu == 0 || row.Memory == 0 ? 0
                : Math.Abs((Share(row.Cpu - row.FreeCpu + requests.MilliCpu, row.Cpu)
                    - Share(row.Memory - row.FreeMemory + requests.MemoryBytes, row.Memory)) / 2);
            totals[at] += (long)((1 - deviation) * Normalisation.MaxScore);
        }
    }

    private static double Share(long requested, long capacity) => Math.Min(1, (double)requested / capacity);
}
