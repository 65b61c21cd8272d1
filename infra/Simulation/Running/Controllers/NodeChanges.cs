using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>Changes of node objects by people.</summary>
internal static class NodeChanges
{
    /// <summary>Taints that controllers set and take away.</summary>
    private static readonly ImmutableHashSet<string> OfControllers =
        [Taint.Unreachable.Key, Taint.NotReady.Key, Taint.Unschedulable.Key, "node.cloudprovider.kubernetes.io/shutdown"];

    public static bool IsOfControllers(Taint taint) => OfControllers.Contains(taint.Key);

    public static void Cordon(RunState run, NodeState node, bool isCordoned)
    {
        if (node.IsUnschedulable == isCordoned)
            return;
        run.Cluster.Cordon(node, isCordoned);
        run.ShiftCordons = run.ShiftCordons.Remove(node.Node.Name);
        run.Log(new RunEvent.NodeCordoned(run.Now, node.Node.Name, isCordoned));
        run.RoomVersion++;
    }

    public static void Label(RunState run, NodeState node, ImmutableSortedDictionary<string, string> labels, ImmutableArray<Taint> taints)
    {
        run.Cluster.Redeclare(node, labels, [.. node.Taints.Where(IsOfControllers), .. taints.Where(taint => !IsOfControllers(taint))]);
        run.RoomVersion++;
        foreach (var workload in run.Workloads.ForReading.Where(workload => workload.Workload.Kind == WorkloadKind.DaemonSet && !workload.IsDeleted).ToArray())
            DaemonSets.Reconsider(run, run.Workloads[workload.Index], node);
        foreach (var pod in NodeLifecycle.PodsOn(run, node).Where(pod => !pod.IsTerminating).ToArray())
        {
            if (Untolerated(pod, node) is not { } time)
                continue;
            if (time == TimeSpan.Zero)
                Evict(run, pod);
            else
                run.Agenda.Add(run.Now + time, new Due(DueKind.TolerationEnds, pod.Pod));
        }
    }

    /// <summary>A toleration has ended: the pod is evicted if the node still has a taint that it does not tolerate longer.</summary>
    public static bool IsStillTainted(RunState run, PodRun pod) => run.Cluster.NodeOf(pod.Pod) is not { } node || Untolerated(pod, node, run.Timers) is not null;

    private static void Evict(RunState run, PodRun pod)
    {
        run.Log(new RunEvent.PodEvicted(run.Now, pod.ToString(), pod.Node!, "its node has a NoExecute taint that it does not tolerate"));
        Pods.Delete(run, pod);
    }

    /// <summary>How long the pod tolerates the taints of the node; null for as long as they last.</summary>
    /// <param name="timers">For the toleration that admission adds; null leaves out the taints of controllers.</param>
    private static TimeSpan? Untolerated(PodRun pod, NodeState node, Timers? timers = null)
    {
        TimeSpan? least = null;
        foreach (var taint in node.Taints.Where(taint => taint.Effect == TaintEffect.NoExecute && (timers is not null || !IsOfControllers(taint))))
        {
            var tolerations = pod.Pod.Spec.Tolerations.Where(toleration => toleration.Tolerates(taint)).ToArray();
            var time = tolerations.Length == 0 ? IsOfControllers(taint) ? timers!.DefaultToleration : TimeSpan.Zero
                : tolerations.Min(toleration => toleration.For ?? TimeSpan.MaxValue);
            if (time < TimeSpan.MaxValue && (least is null || time < least))
                least = time;
        }

        return least;
    }
}
