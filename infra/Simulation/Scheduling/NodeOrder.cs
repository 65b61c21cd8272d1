namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// The order in which nodes are searched: one of each zone in turn, so that a search that ends early has seen all zones. Mirrors
/// https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/scheduler/backend/cache/node_tree.go.
/// </summary>
internal static class NodeOrder
{
    /// <param name="rows">By index of the node.</param>
    /// <param name="zoneCount">Zones are numbered below it.</param>
    public static int[] Of(List<NodeState> nodes, ReadOnlySpan<NodeRow> rows, int zoneCount)
    {
        var sizes = new int[zoneCount];
        // In the order in which their first nodes came.
        var zones = new List<int>(zoneCount);
        foreach (var node in nodes)
        {
            var zone = rows[node.Index].Zone;
            if (sizes[zone]++ == 0)
                zones.Add(zone);
        }

        var members = new int[zoneCount][];
        foreach (var zone in zones)
            members[zone] = new int[sizes[zone]];
        Array.Clear(sizes);
        foreach (var node in nodes)
        {
            var zone = rows[node.Index].Zone;
            members[zone][sizes[zone]++] = node.Index;
        }

        var order = new int[nodes.Count];
        var filled = 0;
        for (var turn = 0; filled < order.Length; turn++)
        {
            foreach (var zone in zones)
            {
                if (turn < sizes[zone])
                    order[filled++] = members[zone][turn];
            }
        }

        return order;
    }
}
