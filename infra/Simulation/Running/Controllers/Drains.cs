using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// <c>kubectl drain</c>: cordons a node and evicts its pods, retrying those that a budget protects
/// (https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/). DaemonSets' pods stay.
/// </summary>
internal static class Drains
{
    public static void Begin(RunState run, NodeState node, TimeSpan? timeout)
    {
        var name = node.Node.Name;
        run.Cluster.Cordon(node, true);
        run.Log(new RunEvent.DrainStarted(run.Now, name));
        run.Drains.RemoveAll(drain => drain.Node == name);
        run.Drains.Add(new DrainRun(name, run.Now));
        if (timeout is { } time)
            run.Agenda.Add(run.Now + time, new Due(DueKind.DrainTimesOut, Name: name));
        Try(run, run.Drains.Count - 1);
    }

    /// <summary>Completes drains of empty nodes; schedules a retry for refused evictions if anything changed.</summary>
    public static void Look(RunState run)
    {
        for (var index = 0; index < run.Drains.Count; index++)
        {
            var drain = run.Drains[index];
            if (drain.IsOver)
                continue;
            var left = Left(run, drain.Node);
            if (left.Length == 0)
                End(run, index, null);
            else if (drain.RetryAt is null && drain.TriedAt != run.HealthVersion && left.Any(pod => !pod.IsTerminating))
            {
                var tries = (run.Now - drain.StartedAt) / run.Timers.EvictionRetry;
                var at = drain.StartedAt + run.Timers.EvictionRetry * (Math.Floor(tries) + 1);
                run.Drains[index] = drain with { RetryAt = at };
                run.Agenda.Add(at, new Due(DueKind.DrainRetries, Name: drain.Node));
            }
        }
    }

    public static void Retry(RunState run, string node)
    {
        var index = run.Drains.FindIndex(drain => drain.Node == node && !drain.IsOver && drain.RetryAt == run.Now);
        if (index >= 0)
            Try(run, index);
    }

    public static void TimeOut(RunState run, string node)
    {
        var index = run.Drains.FindIndex(drain => drain.Node == node && !drain.IsOver);
        if (index >= 0)
            End(run, index, string.Join(", ", Left(run, node).Select(pod => pod.ToString())));
    }

    private static void Try(RunState run, int index)
    {
        var drain = run.Drains[index];
        foreach (var pod in Left(run, drain.Node).Where(pod => !pod.IsTerminating))
        {
            if (Evictions.Evict(run, pod, "the node is drained") is not { } refusal || drain.Refused.Contains(pod.Pod))
                continue;
            run.Log(new RunEvent.EvictionRefused(run.Now, pod.ToString(), drain.Node, refusal));
            drain = drain with { Refused = drain.Refused.Add(pod.Pod) };
        }

        run.Drains[index] = drain with { RetryAt = null, TriedAt = run.HealthVersion };
    }

    private static void End(RunState run, int index, string? left)
    {
        var drain = run.Drains[index] with { IsOver = true, Left = left };
        run.Drains[index] = drain;
        run.Log(new RunEvent.DrainEnded(run.Now, drain.Node, left));
    }

    private static PodRun[] Left(RunState run, string name) => run.Cluster.Find(name) is { } node
        ? [.. node.Pods.Where(pod => pod.Workload.Kind != WorkloadKind.DaemonSet).Select(pod => run.Find(pod)!)]
        : [];
}
