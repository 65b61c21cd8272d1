using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// A volume that exists can be used only in its zone. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/volumebinding/volume_binding.go for volumes with
/// <c>WaitForFirstConsumer</c> and an affinity for a zone, as the EBS driver makes them; VolumeZone then has nothing to add.
/// </summary>
internal sealed class VolumeBinding : INodeFilter
{
    private readonly List<NodeSet> _reachable = [];
    private SchedulingCycle _cycle;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        _reachable.Clear();
        foreach (var condition in cycle.Template.VolumeNodes)
            _reachable.Add(cycle.State.SetOf(condition));
        return _reachable.Count > 0 || cycle.State.VolumeZoneOf(cycle.Pod) is not null;
    }

    public bool Passes(int node)
    {
        foreach (var nodes in _reachable)
        {
            if (!nodes[node])
                return false;
        }

        return _cycle.State.HasVolumesIn(_cycle.Pod, _cycle.State.NodeAt(node).Node.Zone);
    }

    public void Explain(int node, Refusals refusals) =>
        refusals.Add(FilterReason.VolumeZone, "node(s) didn't match PersistentVolume's node affinity");

    public bool IsFinal(int node) => true;
}
