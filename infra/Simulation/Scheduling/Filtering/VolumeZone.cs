using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// A volume with labels for zone or region is used on nodes with the same. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/volumezone/volume_zone.go.
/// </summary>
internal sealed class VolumeZone(PodClaims claims) : INodeFilter
{
    /// <summary>Between zones, where a label names several (<c>LabelZonesToSet</c> in k8s.io/cloud-provider/volume/helpers).</summary>
    private const string Separator = "__";

    private readonly List<(string Key, string[] Values)> _topologies = [];
    private SchedulingCycle _cycle;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        _topologies.Clear();
        if (cycle.Spec.Volumes.IsEmpty || cycle.Template.HasOrdinaryVolumes)
            return false;
        foreach (var claim in claims.Bound)
        {
            // A claim bound meanwhile is checked again when the pod is rescheduled.
            if (claim.Binding?.Volume is { Labels.IsEmpty: false } volume)
                _topologies.AddRange(Labels.OfVolumeTopology.Where(volume.Labels.ContainsKey).Select(key => (key, Parts(volume.Labels[key]))).Where(one => one.Item2.Length > 0));
        }

        return _topologies.Count > 0;
    }

    public bool Passes(int node)
    {
        var labels = _cycle.State.NodeAt(node).Node.Labels;
        if (!Labels.OfVolumeTopology.Any(labels.ContainsKey))
            return true;
        foreach (var (key, values) in _topologies)
        {
            if ((labels.GetValueOrDefault(key) ?? labels.GetValueOrDefault(Labels.Current(key))) is not { } own || !values.Contains(own))
                return false;
        }

        return true;
    }

    public void Explain(int node, Refusals refusals) => refusals.Add(FilterReason.VolumeZoneLabel, "node(s) had no available volume zone");

    public bool IsFinal(int node) => true;

    /// <summary>None when one is empty: the label is then ignored.</summary>
    private static string[] Parts(string value) =>
        value.Split(Separator) is var parts && parts.Any(part => part.Trim().Length == 0) ? [] : [.. parts.Select(part => part.Trim())];
}
