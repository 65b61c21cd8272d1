using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>Zonal shifts of an EKS cluster (https://docs.aws.amazon.com/eks/latest/userguide/zone-shift.html).</summary>
internal static class ZoneShifts
{
    public static void Begin(RunState run, string zone)
    {
        run.ShiftedZones = run.ShiftedZones.Add(zone);
        run.Log(new RunEvent.ZoneShifted(run.Now, zone));
        foreach (var node in run.Cluster.Nodes.Where(node => node.Node.Zone == zone))
            Cordon(run, node);
        Count(run, zone);
    }

    /// <exception cref="ArgumentException">The zone is not shifted.</exception>
    public static void End(RunState run, string zone)
    {
        if (!run.ShiftedZones.Contains(zone))
            throw new ArgumentException($"zone {zone} is not shifted away", nameof(zone));
        run.ShiftedZones = run.ShiftedZones.Remove(zone);
        run.Log(new RunEvent.ZoneShiftEnded(run.Now, zone));
        foreach (var node in run.Cluster.Nodes.Where(node => node.Node.Zone == zone && run.ShiftCordons.Contains(node.Node.Name)))
            run.Cluster.Cordon(node, false);
        run.ShiftCordons = run.ShiftCordons.Except(run.Cluster.Nodes.Where(node => node.Node.Zone == zone).Select(node => node.Node.Name));
        run.RoomVersion++;
        Count(run, zone);
    }

    /// <summary>A node that somebody has cordoned before stays cordoned after the shift.</summary>
    public static void Cordon(RunState run, NodeState node)
    {
        if (node.IsUnschedulable)
            return;
        run.Cluster.Cordon(node, true);
        run.ShiftCordons = run.ShiftCordons.Add(node.Node.Name);
    }

    private static void Count(RunState run, string zone)
    {
        foreach (var workload in run.Workloads.ForReading.Where(workload => workload.Pods.Exists(pod => pod.Zone == zone)).ToArray())
            run.ToCount.Add(run.Workloads[workload.Index].Index);
    }
}
