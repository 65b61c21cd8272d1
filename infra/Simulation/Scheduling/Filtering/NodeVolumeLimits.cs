namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// Only so many volumes can be attached to a machine. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodevolumelimits/csi.go, with EBS as the only driver.
/// </summary>
internal sealed class NodeVolumeLimits : INodeFilter
{
    private SchedulingCycle _cycle;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        return !cycle.Spec.Volumes.IsEmpty;
    }

    public bool Passes(int node) => _cycle.Spec.Volumes.Length <= _cycle.State.RowOf(node).FreeVolumes;

    public void Explain(int node, Refusals refusals) => refusals.Add(FilterReason.VolumeLimit, "node(s) exceed max volume count");

    public bool IsFinal(int node) => false;
}
