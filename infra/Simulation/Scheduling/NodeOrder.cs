using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// The order in which nodes are looked at: one of each zone in turn, so that a search that ends early has seen all zones. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/backend/cache/node_tree.go.
/// </summary>
internal static class NodeOrder
{
    private const string RegionLabel = "topology.kubernetes.io/region";

    public static int[] Of(IReadOnlyList<NodeState> nodes)
    {
        var zones = new List<List<int>>();
        var byName = new Dictionary<(string?, string?), List<int>>();
        foreach (var node in nodes)
        {
            var zone = (node.Node.Labels.GetValueOrDefault(RegionLabel), node.Node.Labels.GetValueOrDefault(Labels.Zone));
            if (!byName.TryGetValue(zone, out var members))
            {
                byName.Add(zone, members = []);
                zones.Add(members);
            }

            members.Add(node.Index);
        }

        var order = new int[nodes.Count];
        var filled = 0;
        for (var turn = 0; filled < order.Length; turn++)
        {
            foreach (var zone in zones)
            {
                if (turn < zone.Count)
                    order[filled++] = zone[turn];
            }
        }

        return order;
    }
}
