using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// A claim with ReadWriteOncePod is for one pod in the cluster; an EBS volume that pods name themselves is for one pod of a node. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go.
/// </summary>
internal sealed class VolumeRestrictions : INodeFilter
{
    private SchedulingCycle _cycle;
    private bool _isInUse;

    public bool Prepare(in SchedulingCycle cycle)
    {
        (_cycle, _isInUse) = (cycle, false);
        if (cycle.Spec.Volumes.IsEmpty || cycle.Template.HasOrdinaryVolumes)
            return false;
        foreach (var key in cycle.Pod.Claims)
            _isInUse |= cycle.State.SingleUsersOf(key) > 0;
        return _isInUse || cycle.Spec.Volumes.Any(volume => volume.Owner == ClaimOwner.None);
    }

    public bool Passes(int node) => !_isInUse && !HasDisk(node);

    public void Explain(int node, Refusals refusals) => refusals.Add(
        FilterReason.VolumeInUse,
        HasDisk(node)
            ? "node(s) had no available disk"
            : "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod");

    public bool IsFinal(int node) => false;

    private bool HasDisk(int node)
    {
        foreach (var volume in _cycle.Spec.Volumes)
        {
            if (volume.Owner == ClaimOwner.None && _cycle.State.NodeAt(node).Pods.Any(pod => pod.Spec.Volumes.Any(other => other.Owner == ClaimOwner.None && other.Name == volume.Name)))
                return true;
        }

        return false;
    }
}
