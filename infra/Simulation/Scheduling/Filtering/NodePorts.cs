using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Filtering;

/// <summary>
/// Host ports must be free. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/nodeports/node_ports.go.
/// </summary>
internal sealed class NodePorts : INodeFilter
{
    private const string AnyAddress = "0.0.0.0";

    private SchedulingCycle _cycle;

    public bool Prepare(in SchedulingCycle cycle)
    {
        _cycle = cycle;
        return !cycle.Spec.HostPorts.IsEmpty;
    }

    public bool Passes(int node)
    {
        if (_cycle.State.RowOf(node).HostPortPods == 0)
            return true;
        foreach (var pod in _cycle.State.NodeAt(node).PodsNow)
        {
            foreach (var used in pod.Spec.HostPorts)
            {
                foreach (var wanted in _cycle.Spec.HostPorts)
                {
                    if (Clash(wanted, used))
                        return false;
                }
            }
        }

        return true;
    }

    public void Explain(int node, Refusals refusals) =>
        refusals.Add(FilterReason.HostPort, "node(s) didn't have free ports for the requested pod ports");

    public bool IsFinal(int node) => false;

    private static bool Clash(HostPort left, HostPort right) => left.Port == right.Port && left.Protocol == right.Protocol
        && (left.Address == right.Address || left.Address == AnyAddress || right.Address == AnyAddress);
}
