using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// Auto Scaling terminates instances of a managed node group: EKS drains each node before, at most for 15 minutes
/// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html). A group that becomes smaller gives up the oldest node of the zone with the most
/// (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html).
/// </summary>
internal static class Retirements
{
    private const string Why = "Auto Scaling terminates its instance";

    public static void Begin(RunState run, NodeState node, bool shrinksGroup)
    {
        var name = node.Node.Name;
        if (run.Retiring.Contains(name))
            return;
        if (shrinksGroup && node.Node.Group is { } group && run.GroupSizes.TryGetValue(group, out var size))
            run.GroupSizes[group] = size - 1;
        run.Retiring = run.Retiring.Add(name);
        Drains.Begin(run, node, run.Timers.GroupEvictionLimit);
    }

    /// <exception cref="ArgumentException">There is no such group, or the size is not within its bounds.</exception>
    public static void Resize(RunState run, Change.GroupResized resized)
    {
        var at = run.Model.NodeGroups.ToList().FindIndex(group => group.Name == resized.Group);
        if (at < 0)
            throw new ArgumentException($"{resized.Group} is not a node group of {run.Model.Name}", nameof(resized));
        if (resized.Desired < resized.Min || resized.Desired > resized.Max)
            throw new ArgumentException($"the size of {resized.Group} must be {resized.Min} to {resized.Max}, not {resized.Desired}", nameof(resized));
        var group = run.Model.NodeGroups[at] with { Min = resized.Min, Max = resized.Max, Desired = resized.Desired };
        run.Model = run.Model with { NodeGroups = run.Model.NodeGroups.SetItem(at, group) };
        run.Log(new RunEvent.GroupResized(run.Now, group.Name, resized.Desired));
        run.GroupSizes[group.Name] = resized.Desired;
        run.AutoscalerSaw = null;
        Launches.Replace(run, group.Name, "the group grows");
        for (var surplus = Launches.CountOf(run, group.Name) - CountRetiring(run, group.Name) - resized.Desired; surplus > 0; surplus--)
        {
            if (Next(run, group.Name) is not { } node)
                return;
            Begin(run, node, shrinksGroup: false);
        }
    }

    public static void Suspend(RunState run, string group, bool isSuspended)
    {
        run.SuspendedGroups = isSuspended ? run.SuspendedGroups.Add(group) : run.SuspendedGroups.Remove(group);
        if (!isSuspended)
            Launches.Replace(run, group);
    }

    /// <summary>Terminates nodes whose drain is over.</summary>
    public static void Look(RunState run)
    {
        foreach (var name in run.Retiring)
        {
            if (run.Cluster.Find(name) is { } node && run.Drains.Exists(drain => drain.Node == name && !drain.IsOver) && run.IsResponding(name))
                continue;
            run.Retiring = run.Retiring.Remove(name);
            var group = run.Cluster.Find(name)?.Node.Group;
            run.Log(new RunEvent.InstanceTerminated(run.Now, name, Why));
            GroupUpdates.Terminate(run, name, "terminated by Auto Scaling");
            if (group is not null)
                Launches.Replace(run, group);
        }
    }

    private static int CountRetiring(RunState run, string group) => run.Retiring.Count(name => run.Cluster.Find(name)?.Node.Group == group);

    private static NodeState? Next(RunState run, string group) => run.Cluster.Nodes
        .Where(node => node.Node.Group == group && run.IsResponding(node.Node.Name) && !run.Retiring.Contains(node.Node.Name))
        .GroupBy(node => node.Node.Zone).OrderByDescending(zone => zone.Count()).ThenBy(zone => zone.Key, StringComparer.Ordinal).FirstOrDefault()?.First();
}
