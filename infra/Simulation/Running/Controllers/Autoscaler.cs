using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// cluster-autoscaler: adds nodes for unschedulable pods, up to the maximum size of each group
/// (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md). Chooses the group whose next node helps most pods, among equal ones the
/// smallest. Never removes nodes: that takes ten minutes of idleness, longer than a simulated run.
/// <para>
/// A group over several zones does not launch in a given zone. cluster-autoscaler tries the Pending pods on a copy of one of the group's nodes, whose zone is
/// arbitrary, and Auto Scaling then chooses the zone (https://github.com/kubernetes/autoscaler/issues/4848,
/// https://github.com/kubernetes/autoscaler/issues/5489): the one with the fewest nodes, and among equal ones, here the one that helps least. When the
/// node is not where it is needed, the pods still wait at a later scan, and the group grows again, up to its maximum size.
/// </para>
/// </summary>
internal static class Autoscaler
{
    /// <summary>Pods of lower priority do not trigger new nodes (<c>expendable-pods-priority-cutoff</c>).</summary>
    private const int Expendable = -10;

    /// <summary>Schedules the next regular scan if something has changed.</summary>
    public static void Look(RunState run)
    {
        if (!run.Model.IsAutoscaled || !run.Options.CanLaunch || run.AutoscalerAt is not null || Seen(run) == run.AutoscalerSaw || Unschedulable(run).Length == 0)
            return;
        var at = run.Timers.AutoscalerScan * Math.Ceiling((run.Now + TimeSpan.FromTicks(1)) / run.Timers.AutoscalerScan);
        run.AutoscalerAt = at;
        run.Agenda.Add(at, new Due(DueKind.AutoscalerScans));
    }

    public static void Scan(RunState run)
    {
        run.AutoscalerAt = null;
        foreach (var (group, zone) in Wanted(run))
        {
            if (Launches.Start(run, group, "pods wait", zone) is not null)
                run.GroupSizes[group.Name]++;
        }

        run.AutoscalerSaw = Seen(run);
    }

    public static void MarkSeen(RunState run) => run.AutoscalerSaw = Seen(run);

    /// <summary>The nodes to launch, with the zones in which they start; nodes that are already starting are considered.</summary>
    public static List<(NodeGroup Group, string Zone)> Wanted(RunState run)
    {
        var wanted = new List<(NodeGroup Group, string Zone)>();
        if (Unschedulable(run) is not { Length: > 0 } unschedulable)
            return wanted;
        var waiting = unschedulable.ToList();
        var state = run.Cluster.Clone();
        foreach (var node in run.Upcoming)
            Expect(run, state, node, waiting);
        while (waiting.Count > 0 && Best(run, state, waiting, wanted) is { } best)
        {
            var zone = ZoneOf(run, state, best.Group, waiting, wanted);
            // It is treated as a copy of the tried node, whichever zone it starts in.
            Fill(run, state, Imagine(run, state, best, wanted.Count), waiting);
            wanted.Add((best.Group, zone));
        }

        return wanted;
    }

    /// <summary>A node of a group over several zones that is still starting has no zone yet: it counts as a copy of any of them.</summary>
    private static void Expect(RunState run, ClusterState state, Node node, List<PodRun> waiting)
    {
        var zones = run.Model.NodeGroups.FirstOrDefault(group => group.Name == node.Group)?.Zones ?? [node.Zone];
        var best = zones.Length == 1 ? zones[0] : zones.MaxBy(zone => CountHelped(run, state, At(node, zone), waiting))!;
        Fill(run, state, Add(run, state, At(node, best)), waiting);
    }

    private static Node At(Node node, string zone) => node with { Zone = zone, Labels = node.Labels.SetItem(Labels.Zone, zone) };

    /// <summary>The zone where Auto Scaling starts the group's next node: in the worst case where it helps least.</summary>
    private static string ZoneOf(RunState run, ClusterState state, NodeGroup group, List<PodRun> waiting, List<(NodeGroup Group, string Zone)> wanted)
    {
        var zones = Launches.NextZones(run, group, zone => wanted.Count(one => one.Group == group && one.Zone == zone));
        return zones.Length == 1 ? zones[0] : zones.MinBy(zone => CountHelped(run, state, Imagined(group, zone, wanted.Count), waiting))!;
    }

    private static (NodeGroup Group, string Zone)? Best(RunState run, ClusterState state, List<PodRun> waiting, List<(NodeGroup Group, string Zone)> wanted)
    {
        (NodeGroup Group, string Zone)? best = null;
        var most = 0;
        foreach (var group in run.Model.NodeGroups.OrderBy(group => group.Template.Allocatable.MilliCpu).ThenBy(group => group.Template.Allocatable.MemoryBytes))
        {
            if (Launches.CountOf(run, group.Name) + wanted.Count(one => one.Group == group) >= group.Max)
                continue;
            foreach (var zone in Launches.OpenZones(run, group))
            {
                if (CountHelped(run, state, Imagined(group, zone, wanted.Count), waiting) is var helped && helped > most)
                    (most, best) = (helped, (group, zone));
            }
        }

        return best;
    }

    /// <summary>The number of these pods that a node would take; changes nothing.</summary>
    private static int CountHelped(RunState run, ClusterState state, Node node, List<PodRun> waiting)
    {
        var added = Add(run, state, node);
        var helped = Fill(run, state, added, [.. waiting]);
        state.Remove(added);
        foreach (var pod in helped.Where(pod => pod.IsUnbound))
            state.ForgetVolumes(pod.Pod.Pod);
        return helped.Count;
    }

    /// <summary>Places the pods that fit on a node and removes them from the list.</summary>
    /// <returns>The placed pods, and whether their volumes were not bound to a zone before.</returns>
    private static List<(PodRun Pod, bool IsUnbound)> Fill(RunState run, ClusterState state, NodeState node, List<PodRun> waiting)
    {
        var filled = new List<(PodRun, bool)>();
        var refused = new HashSet<PodSpec>(ReferenceEqualityComparer.Instance);
        waiting.RemoveAll(pod =>
        {
            if (refused.Contains(pod.Pod.Spec))
                return false;
            var isUnbound = state.VolumeZoneOf(pod.Pod) is null;
            if (!run.Scheduler.Fits(state, pod.Pod, node))
            {
                if (isUnbound)
                    refused.Add(pod.Pod.Spec);
                return false;
            }

            state.Bind(pod.Pod, node);
            filled.Add((pod, isUnbound));
            return true;
        });
        return filled;
    }

    private static NodeState Imagine(RunState run, ClusterState state, (NodeGroup Group, string Zone) kind, int number) =>
        Add(run, state, Imagined(kind.Group, kind.Zone, number));

    private static Node Imagined(NodeGroup group, string zone, int number)
    {
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"imagined-{number}");
        var node = group.NodeAt(0, zone);
        return node with { Name = name, Labels = node.Labels.SetItem(Labels.Host, name) };
    }

    /// <summary>Includes its DaemonSet pods, whose resources are not available to others.</summary>
    private static NodeState Add(RunState run, ClusterState state, Node node)
    {
        var added = state.Add(node);
        foreach (var workload in run.Model.Workloads.Where(workload => workload.Kind == WorkloadKind.DaemonSet))
        {
            foreach (var daemon in PodFactory.Of(workload, [node]).Where(daemon => run.Scheduler.Fits(state, daemon, added)))
                state.Bind(daemon, added);
        }

        return added;
    }

    private static PodRun[] Unschedulable(RunState run) => [.. run.Waiting.Select(pod => run.Find(pod)!)
        .Where(pod => pod.WaitReason is not null && pod.Victims.IsEmpty && pod.Pod.Spec.Priority >= Expendable && pod.Target is null)
        .OrderByDescending(pod => pod.Pod.Spec.Priority).ThenBy(pod => pod.Sequence)];

    private static (int Room, int Waiting) Seen(RunState run) => (run.RoomVersion, run.Waiting.Count);
}
