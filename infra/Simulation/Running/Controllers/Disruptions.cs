using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>The immediate effect of each disruption; the simulation derives the rest.</summary>
internal static class Disruptions
{
    public static void Apply(RunState run, Disruption disruption)
    {
        switch (disruption)
        {
            case Disruption.NodesLost lost:
                Fail(run, [.. lost.Nodes.Select(name => Node(run, name))], lost.Instances);
                break;
            case Disruption.ZoneLost lost:
                run.DeadZones = run.DeadZones.Add(lost.Zone);
                Fail(run, [.. run.Cluster.Nodes.Where(node => node.Node.Zone == lost.Zone)], lost.Instances);
                break;
            case Disruption.GroupLost lost:
                Fail(run, [.. run.Cluster.Nodes.Where(node => node.Node.Group == lost.Group)], lost.Instances);
                break;
            case Disruption.PodLost lost:
                var pod = Pod(run, lost.Pod)
                    ?? throw new ArgumentException($"{lost.Pod} is not running: name a pod as namespace/name", nameof(disruption));
                run.Log(new RunEvent.PodLost(run.Now, lost.Pod, "deleted"));
                Pods.Remove(run, pod, isUnmounted: true);
                break;
            case Disruption.NodeOutOfService dead:
                if (run.IsResponding(dead.Node))
                    throw new ArgumentException($"{dead.Node} is healthy: the out-of-service taint is for a lost node", nameof(disruption));
                NodeLifecycle.TakeOutOfService(run, Node(run, dead.Node));
                break;
            case Disruption.NodeDrained drained:
                Drains.Begin(run, Node(run, drained.Node), drained.Timeout);
                break;
            case Disruption.GroupUpdated updated:
                if (run.GroupUpdates.Exists(update => update.Group.Name == updated.Group))
                    throw new ArgumentException($"{updated.Group} is being updated already", nameof(disruption));
                GroupUpdates.Begin(run, run.Model.NodeGroups.FirstOrDefault(group => group.Name == updated.Group)
                    ?? throw new ArgumentException($"{updated.Group} is not a node group of {run.Model.Name}", nameof(disruption)));
                break;
            case Disruption.WorkloadUpdated updated:
                Update(run, updated);
                break;
            case Disruption.ZoneShifted shifted:
                ZoneShifts.Begin(run, shifted.Zone);
                break;
        }
    }

    public static NodeState Node(RunState run, string name) =>
        run.Cluster.Find(name) ?? throw new ArgumentException($"{name} is not a node of {run.Model.Name}", nameof(name));

    /// <param name="name"><c>namespace/name</c>.</param>
    public static PodRun? Pod(RunState run, string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var (space, own) = (name[..Math.Max(0, slash)], name[(slash + 1)..]);
        return run.Workloads.ForReading.Where(workload => workload.Workload.Namespace == space).SelectMany(workload => workload.Pods)
            .FirstOrDefault(pod => pod.Pod.Name == own && !pod.IsTerminating) is { } found ? run.Find(found.Pod) : null;
    }

    private static void Fail(RunState run, NodeState[] nodes, LostInstances instances)
    {
        foreach (var node in nodes)
            NodeLifecycle.Fail(run, node, instances);
    }

    private static void Update(RunState run, Disruption.WorkloadUpdated updated)
    {
        foreach (var index in run.Workloads.ForReading.Where(workload => !workload.IsDeleted && updated.Selects(workload.Workload)).Select(workload => workload.Index))
        {
            var workload = run.Workloads[index];
            if (workload.IsUpdating || workload.Workload.Kind is WorkloadKind.Job or WorkloadKind.Pod)
                throw new ArgumentException($"{updated.Workload} cannot roll: it is updating already, or is a {workload.Workload.Kind}", nameof(updated));
            Workloads.Update(run, workload, updated.Pods ?? workload.Template, isRestart: updated.Pods is null, isFull: true);
        }
    }
}
