using FsCheck;
using FsCheck.Fluent;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Small random clusters with all kinds of workloads, and up to four disruptions.</summary>
internal static class DisruptedClusters
{
    public static Arbitrary<DisruptedCluster> Any() => Arb.From(
        from groups in Gen.Choose(1, 2)
        from size in Gen.Choose(1, 4)
        from more in Gen.Choose(0, 3)
        from atOnce in Gen.Choose(1, 2)
        from count in Gen.Choose(1, 4)
        from workloads in Gen.CollectToArray(Enumerable.Range(0, count).Select(Workloads))
        from budgets in Gen.CollectToArray(workloads.Select(workload => Gen.Choose(-2, 3).Select(bound => (workload.Name, bound))))
        from disruptions in Disruptions(groups, workloads.ToArray()).ListOf()
        from seed in Gen.Choose(0, 9)
        from canLaunch in Gen.Elements(true, false)
        select new DisruptedCluster(
            Cluster([], [.. workloads]) with
            {
                Zones = ["a", "b", "c"],
                NodeGroups = [.. Enumerable.Range(0, groups).Select(index => Group($"g{index}", size, size + more) with { UpdatedAtOnce = atOnce })],
                IsAutoscaled = more > 1,
                Budgets = [.. budgets.Where(budget => budget.bound >= 0).Select(budget => Budget(budget.Name, maxUnavailable: budget.bound))],
            },
            new RunOptions { Seed = seed, CanLaunch = canLaunch },
            [.. disruptions.Take(4)]));

    private static Gen<Workload> Workloads(int index) =>
        from kind in Gen.Elements(WorkloadKind.Deployment, WorkloadKind.StatefulSet, WorkloadKind.DaemonSet, WorkloadKind.Job, WorkloadKind.Pod)
        from replicas in Gen.Choose(1, 6)
        from cpu in Gen.Elements(200, 900, 2100)
        from priority in Gen.Elements(0, 0, 100)
        from volumes in Gen.Choose(0, 1)
        from isParallel in Gen.Elements(true, false)
        from surge in Gen.Choose(0, 2)
        from unavailable in Gen.Choose(0, 2)
        select Workload($"w{index}", kind == WorkloadKind.Pod ? 1 : replicas, kind, Pod($"w{index}", cpu) with
        {
            Priority = priority,
            Volumes = volumes == 1 && kind == WorkloadKind.StatefulSet ? [new VolumeClaim("data", GiB, null)] : [],
        }) with
        { IsParallel = isParallel, MaxSurge = surge, MaxUnavailable = unavailable };

    private static Gen<Disruption> Disruptions(int groups, Workload[] workloads) => Gen.OneOf(
        from zone in Gen.Elements("a", "b", "c") from instances in Gen.Elements(Enum.GetValues<LostInstances>()) select (Disruption)new Disruption.ZoneLost(zone, instances),
        from node in Nodes(groups) from instances in Gen.Elements(Enum.GetValues<LostInstances>()) select (Disruption)new Disruption.NodesLost([node], instances),
        from node in Nodes(groups) select (Disruption)new Disruption.NodeOutOfService(node),
        from node in Nodes(groups) select (Disruption)new Disruption.NodeDrained(node),
        from node in Nodes(groups) select (Disruption)new Disruption.NodeDrained(node, TimeSpan.FromMinutes(2)),
        from number in Gen.Choose(0, groups - 1) select (Disruption)new Disruption.GroupUpdated($"g{number}"),
        from number in Gen.Choose(0, groups - 1) select (Disruption)new Disruption.GroupLost($"g{number}"),
        from workload in Gen.Elements(workloads) select (Disruption)new Disruption.WorkloadUpdated(workload.Id),
        from workload in Gen.Elements(workloads) select (Disruption)new Disruption.PodLost($"{workload.Id}-0"),
        from zone in Gen.Elements("a", "b", "c") select (Disruption)new Disruption.ZoneShifted(zone));

    private static Gen<string> Nodes(int groups) =>
        from owner in Gen.Choose(0, groups - 1) from number in Gen.Choose(0, 4) select $"g{owner}-{number}";
}
