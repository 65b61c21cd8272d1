using System.Diagnostics;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Benchmarks.Scheduling;

/// <summary>One cluster filled from empty, and what else scenarios need of a full one.</summary>
/// <param name="Refused">Pods that found no place.</param>
/// <param name="ProcessorSeconds">Of the whole process while it placed, compiler included: what a busy machine does not distort.</param>
/// <param name="AllocatedMegabytes">By placing all pods, garbage included.</param>
/// <param name="HeldMegabytes">By the full state, without nodes and pods themselves.</param>
/// <param name="CloneMilliseconds">A copy of the full cluster.</param>
/// <param name="ZoneLostSeconds">A copy, a third of the nodes taken away, and their pods placed again on what is left.</param>
internal sealed record SchedulerRun(
    int Nodes, int Pods, int Workloads, int Refused, double Seconds, double ProcessorSeconds, double AllocatedMegabytes, double HeldMegabytes,
    double PeakMegabytes, double CloneMilliseconds, double ZoneLostSeconds)
{
    private const int Clones = 20;

    public static SchedulerRun Of(int nodes, int pods)
    {
        var cluster = SyntheticCluster.Of(nodes, pods);
        var (held, allocated) = (GC.GetTotalMemory(forceFullCollection: true), GC.GetTotalAllocatedBytes(precise: true));
        var (watch, processor) = (Stopwatch.StartNew(), ProcessorTime());
        var state = new ClusterState(cluster.Nodes);
        var refused = Place(state, cluster.Pods);
        var seconds = watch.Elapsed.TotalSeconds;
        processor = ProcessorTime() - processor;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        held = GC.GetTotalMemory(forceFullCollection: true) - held;
        var run = new SchedulerRun(
            nodes, cluster.Pods.Length, cluster.Workloads, refused, seconds, processor.TotalSeconds, allocated / 1e6, held / 1e6, Peak(),
            CloneTime(state), ZoneLossTime(state));
        GC.KeepAlive(state);
        return run;
    }

    private static int Place(ClusterState state, IEnumerable<Pod> pods)
    {
        var scheduler = new Scheduler(new SchedulerOptions());
        return pods.Count(pod => scheduler.Place(state, pod).Node is null);
    }

    private static double CloneTime(ClusterState state)
    {
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < Clones; round++)
            state.Clone();
        return watch.Elapsed.TotalMilliseconds / Clones;
    }

    private static double ZoneLossTime(ClusterState state)
    {
        var watch = Stopwatch.StartNew();
        var scenario = state.Clone();
        var lost = scenario.Nodes.Where(node => node.Node.Zone == state.Nodes[0].Node.Zone).ToArray();
        Place(scenario, lost.SelectMany(node => scenario.Remove(node)).ToArray());
        return watch.Elapsed.TotalSeconds;
    }

    private static TimeSpan ProcessorTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private static double Peak()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1e6;
    }
}
