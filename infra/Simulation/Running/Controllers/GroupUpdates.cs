using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.State;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// How EKS updates a managed node group: it adds nodes, drains and terminates the old ones, then removes the surplus
/// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html). Old nodes are replaced in order of their names, where EKS chooses at
/// random; of the surge, which EKS limits to twice the number of zones, only the required minimum is started: one node per zone.
/// </summary>
internal static class GroupUpdates
{
    private static readonly Taint Old = new("eks.amazonaws.com/nodegroup", "unschedulable", TaintEffect.NoSchedule);

    public static void Begin(RunState run, NodeGroup group)
    {
        var old = run.Cluster.Nodes.Where(node => node.Node.Group == group.Name).Select(node => node.Node).ToArray();
        var zones = old.Select(node => node.Zone).Distinct().Order(StringComparer.Ordinal).ToArray();
        var surge = old.Length == 0 ? 0 : Math.Max(zones.Length, group.UpdatedAtOnce);
        run.Log(new RunEvent.GroupUpdateStarted(run.Now, group.Name, old.Length, surge));
        if (old.Length == 0)
        {
            End(run, group, null);
            return;
        }

        run.GroupSizes[group.Name] += surge;
        var awaited = ImmutableArray.CreateBuilder<string>();
        for (var index = 0; index < surge; index++)
        {
            if (Launches.Start(run, group, "surge of the update", zones[index % zones.Length]) is not { } name)
            {
                run.GroupSizes[group.Name] -= surge;
                End(run, group, "NodeCreationFailure: AWS does not launch the surge nodes");
                return;
            }

            awaited.Add(name);
        }

        run.GroupUpdates.Add(new GroupUpdateRun(group, surge, [.. old.Select(node => node.Name)]) { Awaited = awaited.ToImmutable() });
    }

    public static void Look(RunState run)
    {
        for (var index = run.GroupUpdates.Count - 1; index >= 0; index--)
        {
            var update = run.GroupUpdates[index];
            var next = !update.IsUpgrading ? AwaitSurge(run, update) : update.Surplus is null ? Upgrade(run, update) : TakeSurplus(run, update);
            if (next is null)
                run.GroupUpdates.RemoveAt(index);
            else
                run.GroupUpdates[index] = next;
        }
    }

    private static GroupUpdateRun AwaitSurge(RunState run, GroupUpdateRun update)
    {
        if (!update.Awaited.All(name => run.Cluster.Find(name) is not null))
            return update;
        foreach (var name in update.Old)
        {
            if (run.Cluster.Find(name) is { } node)
                run.Cluster.Taint(node, Old);
        }

        return Upgrade(run, update with { IsUpgrading = true })!;
    }

    /// <summary>Null when the update is over.</summary>
    private static GroupUpdateRun? Upgrade(RunState run, GroupUpdateRun update)
    {
        foreach (var name in update.InHand)
        {
            var drain = run.Drains.Find(drain => drain.Node == name)!;
            if (!drain.IsOver)
                continue;
            if (drain.Left is not null)
            {
                End(run, update.Group, $"PodEvictionFailure on {name}: {drain.Left}");
                return null;
            }

            var endAt = run.Now + run.Timers.GroupCordonWait;
            run.Agenda.Add(endAt, new Due(DueKind.GroupUpdateContinues));
            update = update with { InHand = update.InHand.Remove(name), Emptied = update.Emptied.Add(name, endAt) };
        }

        foreach (var (name, endAt) in update.Emptied)
        {
            if (endAt > run.Now)
                continue;
            Terminate(run, name, "terminated by the update");
            Launches.Replace(run, update.Group.Name);
            update = update with { Emptied = update.Emptied.Remove(name) };
        }

        while (update.Old is [var next, ..] && update.InHand.Length + update.Emptied.Count < update.Group.UpdatedAtOnce)
        {
            update = update with { Old = update.Old.RemoveAt(0) };
            if (run.Cluster.Find(next) is not { } node)
                continue;
            Drains.Begin(run, node, run.Timers.GroupEvictionLimit);
            update = update with { InHand = update.InHand.Add(next) };
        }

        return update.Old.IsEmpty && update.InHand.IsEmpty && update.Emptied.IsEmpty && run.Upcoming.TrueForAll(node => node.Group != update.Group.Name)
            ? TakeSurplus(run, update with { Surplus = update.Surge })
            : update;
    }

    /// <summary>Removes the surplus one by one, the emptiest node of the fullest zone first. A node that is not drained in time is removed anyway.</summary>
    private static GroupUpdateRun? TakeSurplus(RunState run, GroupUpdateRun update)
    {
        if (update.InHand is [var name])
        {
            if (run.Drains.Find(drain => drain.Node == name) is { IsOver: false })
                return update;
            Terminate(run, name, "surplus of the update");
            update = update with { InHand = [], Surplus = update.Surplus - 1 };
        }

        if (update.Surplus == 0)
        {
            End(run, update.Group, null);
            return null;
        }

        var nodes = run.Cluster.Nodes.Where(node => node.Node.Group == update.Group.Name && run.IsResponding(node.Node.Name)).ToArray();
        if (nodes.Length == 0)
        {
            End(run, update.Group, "NodeCreationFailure: no node of the group is left");
            return null;
        }

        var fullest = nodes.GroupBy(node => node.Node.Zone).MaxBy(zone => zone.Count())!;
        var emptiest = fullest.MinBy(node => node.PodCount)!;
        run.GroupSizes[update.Group.Name]--;
        Drains.Begin(run, emptiest, run.Timers.GroupEvictionLimit);
        return update with { InHand = [emptiest.Node.Name] };
    }

    public static void Terminate(RunState run, string name, string why)
    {
        if (run.Cluster.Find(name) is not { } node)
            return;
        foreach (var pod in NodeLifecycle.PodsOn(run, node).ToArray())
        {
            if (pod.Pod.Workload.Kind != WorkloadKind.DaemonSet)
                run.Log(new RunEvent.PodLost(run.Now, pod.ToString(), $"{name} was {why}"));
            Pods.Remove(run, pod, isUnmounted: true);
        }

        NodeLifecycle.Delete(run, name, why);
    }

    private static void End(RunState run, NodeGroup group, string? failure) => run.Log(new RunEvent.GroupUpdateEnded(run.Now, group.Name, failure));
}
