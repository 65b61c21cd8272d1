using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>EC2 Auto Scaling: launches the nodes of groups, each in the available zone with the fewest.</summary>
internal static class Launches
{
    /// <summary>The name of the node; null when none can be launched.</summary>
    public static string? Start(RunState run, NodeGroup group, string why, string? inZone = null)
    {
        if (run.SuspendedGroups.Contains(group.Name))
        {
            run.Log(new RunEvent.LaunchRefused(run.Now, group.Name, "its processes are suspended"));
            return null;
        }

        if (!run.Options.CanLaunch)
        {
            run.Log(new RunEvent.LaunchRefused(run.Now, group.Name, "AWS launches none in this run"));
            return null;
        }

        if ((inZone is null ? NextZones(run, group).FirstOrDefault() : OpenZones(run, group).FirstOrDefault(zone => zone == inZone)) is not { } zone)
        {
            run.Log(new RunEvent.LaunchRefused(run.Now, group.Name, $"none of its zones is available ({string.Join(", ", group.Zones)})"));
            return null;
        }

        var node = NextNode(run, group, zone);
        run.Upcoming.Add(node);
        run.Log(new RunEvent.NodeLaunching(run.Now, group.Name, node.Name, zone, why));
        run.Agenda.Add(run.Now + run.Timers.NodeProvision, new Due(DueKind.NodeJoins, Name: node.Name));
        return node.Name;
    }

    /// <summary>Launches the missing nodes of a group; does nothing for a group that is not in the model.</summary>
    public static void Replace(RunState run, string name, string why = "replaces a lost instance")
    {
        if (run.Model.NodeGroups.FirstOrDefault(group => group.Name == name) is not { } group)
            return;
        while (CountOf(run, name) < run.GroupSizes[name] && Start(run, group, why) is not null)
        {
        }
    }

    public static void Join(RunState run, string name)
    {
        var node = run.Upcoming.Find(node => node.Name == name)!;
        run.Upcoming.Remove(node);
        if (run.DeadZones.Contains(node.Zone))
            return;
        var joined = run.Cluster.Add(node);
        run.Log(new RunEvent.NodeLaunched(run.Now, name, node.Zone));
        if (run.ShiftedZones.Contains(node.Zone))
            ZoneShifts.Cordon(run, joined);
        DaemonSets.AddNode(run, node);
        run.RoomVersion++;
        run.Agenda.Add(run.Now, new Due(DueKind.ZoneTaints, Name: node.Zone));
    }

    /// <summary>EKS node auto-repair: terminates the instance of a node that stays unreachable, unless too many nodes of its group are.</summary>
    public static void Repair(RunState run, string name)
    {
        if (run.Nodes.GetValueOrDefault(name) is not { IsGone: false } dead || !run.Options.CanLaunch || !run.ShiftedZones.IsEmpty)
            return;
        var members = run.Cluster.Nodes.Where(node => node.Node.Group == dead.Node.Group).ToArray();
        if (members.Length > 5 && members.Count(node => !run.IsResponding(node.Node.Name)) > members.Length * 0.2)
            return;
        NodeLifecycle.Delete(run, name, "EKS node auto-repair replaces its instance");
        Replace(run, dead.Node.Group!);
    }

    /// <summary>Live nodes of a group, including starting ones.</summary>
    public static int CountOf(RunState run, string group) =>
        run.Cluster.Nodes.Count(node => node.Node.Group == group && HasInstance(run, node.Node.Name)) + run.Upcoming.Count(node => node.Group == group);

    public static Node NextNode(RunState run, NodeGroup group, string zone)
    {
        var number = run.NextNodeNumber[group.Name];
        run.NextNodeNumber[group.Name] = number + 1;
        return group.NodeAt(number, zone);
    }

    /// <summary>The available zones with the fewest nodes of the group, from which Auto Scaling chooses; empty when none is available.</summary>
    /// <param name="added">Hypothetical nodes of a zone.</param>
    public static string[] NextZones(RunState run, NodeGroup group, Func<string, int>? added = null)
    {
        var zones = OpenZones(run, group).Select(zone => (Zone: zone, Nodes: (added?.Invoke(zone) ?? 0) + NodesIn(run, group, zone))).ToArray();
        return zones.Length == 0 ? [] : [.. zones.Where(zone => zone.Nodes == zones.Min(other => other.Nodes)).Select(zone => zone.Zone)];
    }

    public static IEnumerable<string> OpenZones(RunState run, NodeGroup group) =>
        group.Zones.Where(zone => !run.DeadZones.Contains(zone) && !run.ShiftedZones.Contains(zone));

    private static int NodesIn(RunState run, NodeGroup group, string zone) =>
        run.Cluster.Nodes.Count(node => node.Node.Group == group.Name && node.Node.Zone == zone && HasInstance(run, node.Node.Name))
        + run.Upcoming.Count(node => node.Group == group.Name && node.Zone == zone);

    private static bool HasInstance(RunState run, string node) => run.Nodes.GetValueOrDefault(node) is not { Instance: LostInstances.Terminated };
}
