using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// Existing volumes are used only where they can be reached; others are found or created only where their class allows it. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/volumebinding/binder.go, <c>FindPodVolumes</c>.
/// </summary>
internal sealed class VolumeBinding(PodClaims claims) : INodeFilter
{
    private readonly List<NodeSet> _reachable = [];
    private SchedulingCycle _cycle;
    private bool _looksForVolumes;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        _reachable.Clear();
        _looksForVolumes = false;
        if (cycle.Spec.Volumes.IsEmpty)
            return false;
        if (cycle.Template.HasOrdinaryVolumes)
            return cycle.State.VolumeZoneOf(cycle.Pod) is not null;
        foreach (var claim in claims.Bound)
        {
            if (claim.Binding?.Volume is { Nodes.IsEmpty: false } volume)
                _reachable.Add(cycle.State.SetOf(cycle.State.Catalog.ConditionOf(volume)));
        }

        _looksForVolumes = claims.Unbound.Count > 0;
        return true;
    }

    public bool Passes(int node)
    {
        foreach (var nodes in _reachable)
        {
            if (!nodes[node])
                return false;
        }

        var own = _cycle.State.NodeAt(node).Node;
        return IsWithVolumes(own) && (!_looksForVolumes || claims.Match(own));
    }

    public void Explain(int node, Refusals refusals)
    {
        var own = _cycle.State.NodeAt(node).Node;
        if (!IsWithVolumes(own) || _reachable.Exists(nodes => !nodes[node]))
            refusals.Add(FilterReason.VolumeZone, "node(s) didn't match PersistentVolume's node affinity");
        if (_looksForVolumes && !claims.Match(own))
            refusals.Add(FilterReason.VolumeUnavailable, "node(s) didn't find available persistent volumes to bind");
    }

    public bool IsFinal(int node) => true;

    /// <summary>Volumes created during the simulation are bound to a zone or a node.</summary>
    private bool IsWithVolumes(Node node)
    {
        foreach (var key in _cycle.Pod.Claims)
        {
            if (_cycle.State.BindingOf(key) is { Volume: null } binding
                && ((binding.Zone.Length > 0 && binding.Zone != node.Zone) || (binding.Node is not null && binding.Node != node.Name)))
                return false;
        }

        return true;
    }
}
