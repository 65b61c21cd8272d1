namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// A pod that names its node goes nowhere else. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodename/node_name.go.
/// </summary>
internal sealed class NodeName : INodeFilter
{
    public const string Text = "node(s) didn't match the requested node name";

    private SchedulingCycle _cycle;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        return cycle.Spec.NodeName is not null;
    }

    public bool Passes(int node) => _cycle.State.NodeAt(node).Node.Name == _cycle.Spec.NodeName;

    public void Explain(int node, Refusals refusals) => refusals.Add(FilterReason.NodeName, Text);

    public bool IsFinal(int node) => true;
}
