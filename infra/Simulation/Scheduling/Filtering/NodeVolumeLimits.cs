using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// The number of volumes of a driver on a node is limited; a volume that several pods of the node share counts once. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodevolumelimits/csi.go.
/// </summary>
internal sealed class NodeVolumeLimits : INodeFilter
{
    private SchedulingCycle _cycle;
    private Attachment[] _attachments = [];

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        if (cycle.Spec.Volumes.IsEmpty)
            return false;
        _attachments = cycle.Template.HasOrdinaryVolumes ? [] : cycle.State.AttachmentsOf(cycle.Pod);
        return true;
    }

    public bool Passes(int node)
    {
        if (_cycle.Template.HasOrdinaryVolumes)
            return _cycle.Spec.Volumes.Length <= _cycle.State.RowOf(node).FreeVolumes;
        foreach (var attachment in _attachments)
        {
            if (_cycle.State.IsAttached(node, attachment.Key))
                continue;
            var wanted = 0;
            foreach (var other in _attachments)
                wanted += other.Driver == attachment.Driver && !_cycle.State.IsAttached(node, other.Key) ? 1 : 0;
            if (wanted > _cycle.State.FreeVolumes(node, attachment.Driver))
                return false;
        }

        return true;
    }

    public void Explain(int node, Refusals refusals) => refusals.Add(FilterReason.VolumeLimit, "node(s) exceed max volume count");

    public bool IsFinal(int node) => false;
}
