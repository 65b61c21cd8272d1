using System.Runtime.CompilerServices;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// The requested resources must be free. Resources that it does not request are not checked, even if they are overcommitted.
/// Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/noderesources/fit.go.
/// </summary>
internal sealed class NodeResourcesFit : INodeFilter
{
    private SchedulingCycle _cycle;
    private Resources _requests;
    private bool _asksForMore;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        _requests = cycle.Spec.Requests;
        _asksForMore = !cycle.Spec.Extended.IsEmpty;
        return true;
    }

    public bool Passes(int node) => Fits(_cycle.State.RowOf(node), _requests) && (!_asksForMore || FitsExtended(node));

    [MethodImpl(HotPath.Options)]
    public int Keep(Span<int> nodes)
    {
        var rows = _cycle.State.Rows;
        var (kept, requests) = (0, _requests);
        foreach (var node in nodes)
        {
            if (Fits(rows[node], requests) && (!_asksForMore || FitsExtended(node)))
                nodes[kept++] = node;
        }

        return kept;
    }

    public void Explain(int node, Refusals refusals)
    {
        ref readonly var row = ref _cycle.State.RowOf(node);
        if (row.FreePods <= 0)
            refusals.Add(FilterReason.TooManyPods, "Too many pods");
        if (!Fits(_requests.MilliCpu, row.FreeCpu))
            refusals.Add(FilterReason.Cpu, "Insufficient cpu");
        if (!Fits(_requests.MemoryBytes, row.FreeMemory))
            refusals.Add(FilterReason.Memory, "Insufficient memory");
        if (!Fits(_requests.EphemeralBytes, row.FreeEphemeral))
            refusals.Add(FilterReason.EphemeralStorage, "Insufficient ephemeral-storage");
        foreach (var (name, amount) in _cycle.Spec.Extended)
        {
            if (!Fits(amount, _cycle.State.FreeExtended(name, node)))
                refusals.Add(FilterReason.ExtendedResource, $"Insufficient {name}");
        }
    }

    public bool IsFinal(int node) => false;

    private static bool Fits(in NodeRow row, in Resources requests) => row.FreePods > 0
        && Fits(requests.MilliCpu, row.FreeCpu) && Fits(requests.MemoryBytes, row.FreeMemory)
        && Fits(requests.EphemeralBytes, row.FreeEphemeral);

    private static bool Fits(long request, long free) => request <= free || request == 0;

    private bool FitsExtended(int node)
    {
        foreach (var (name, amount) in _cycle.Spec.Extended)
        {
            if (!Fits(amount, _cycle.State.FreeExtended(name, node)))
                return false;
        }

        return true;
    }
}
