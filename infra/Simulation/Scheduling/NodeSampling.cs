namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// How many feasible nodes are enough. Mirrors <c>numFeasibleNodesToFind</c> of
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/schedule_one.go.
/// </summary>
internal static class NodeSampling
{
    private const int Least = 100;
    private const int LeastPercent = 5;

    public static int EnoughOf(int nodes)
    {
        if (nodes < Least)
            return nodes;
        var percent = Math.Max(LeastPercent, 50 - (nodes / 125));
        return Math.Max(Least, nodes * percent / 100);
    }
}
