using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Clock;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Node groups: updates, replacements, autoscaling, zonal shift.</summary>
public sealed class GroupTests
{
    private static readonly RunOptions Launches = new();

    [Fact]
    public void An_update_starts_new_nodes_first_and_takes_the_old_ones_one_by_one()
    {
        var web = Workload("web", 3);
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3), web) with { Budgets = [Budget("web", maxUnavailable: 1)] }, Launches)
            .After(new Disruption.GroupUpdated("general"));

        Assert.Equal("0:00 general: update of 3 nodes begins, with 3 more", run.Events[0].ToString());
        Assert.Equal([("general-3", 90), ("general-4", 90), ("general-5", 90)], run.Of<RunEvent.NodeLaunched>().Take(3));
        // From 90 s on each node has 30 s to be emptied, and its instance ends 60 s later.
        Assert.Equal([("general-0", 180), ("general-1", 270), ("general-2", 360)], run.Of<RunEvent.NodeGone>().Take(3));
        Assert.Null(Assert.Single(run.Events.OfType<RunEvent.GroupUpdateEnded>()).Failure);
        Assert.Equal(["a", "b", "c"], run.State.Nodes.Select(node => node.Node.Zone).Order());
        Assert.True(run.StatusOf(web).LeastReady >= 2);
    }

    [Fact]
    public void An_update_fails_when_a_budget_keeps_a_pod_for_15_minutes()
    {
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3), Workload("web", 3)) with { Budgets = [Budget("web", minAvailable: 3)] }, Launches)
            .After(new Disruption.GroupUpdated("general"));

        var ended = Assert.Single(run.Events.OfType<RunEvent.GroupUpdateEnded>());
        Assert.Equal(Seconds(90 + 900), ended.At);
        Assert.StartsWith("PodEvictionFailure on general-0: shop/web-", ended.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_fails_at_once_when_AWS_starts_nothing()
    {
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3)), NoLaunches).After(new Disruption.GroupUpdated("general"));

        Assert.StartsWith("NodeCreationFailure", Assert.Single(run.Events.OfType<RunEvent.GroupUpdateEnded>()).Failure, StringComparison.Ordinal);
        Assert.Equal(3, run.State.Nodes.Count);
    }

    [Fact]
    public void A_lost_instance_is_replaced_in_a_zone_that_is_open()
    {
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3)), Launches).After(new Disruption.ZoneLost("b"));

        Assert.Equal([("general-3", 150)], run.Of<RunEvent.NodeLaunched>());
        Assert.Equal(["a", "a", "c"], run.State.Nodes.Select(node => node.Node.Zone).Order());
    }

    [Fact]
    public void Auto_repair_ends_an_unreachable_instance_after_half_an_hour()
    {
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3) with { RepairsNodes = true }), Launches)
            .After(new Disruption.NodesLost(["general-1"], LostInstances.Unreachable));

        Assert.Equal([("general-1", 50 + 1800)], run.Of<RunEvent.NodeGone>());
        Assert.Equal([("general-3", 50 + 1800 + 90)], run.Of<RunEvent.NodeLaunched>());
    }

    [Fact]
    public void Nodes_are_added_in_the_steady_state_up_to_the_maximum_of_the_group()
    {
        var web = Workload("web", 6, pod: Pod("web", 2500));
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3, max: 5), web) with { IsAutoscaled = true }, Launches);

        Assert.Equal(5, run.State.Nodes.Count);
        Assert.Equal(5, run.StatusOf(web).Serving);
        Assert.Equal("shop/web-5: 0/5 nodes are available: 5 Insufficient cpu.", Assert.Single(run.Pending).ToString());
    }

    [Fact]
    public void Nodes_are_added_for_pending_pods_and_none_for_a_volume_elsewhere()
    {
        var db = Workload("db", 3, WorkloadKind.StatefulSet, Pod("db", 3000) with { Volumes = [new VolumeClaim("data", GiB, null)] }) with { IsParallel = true };
        var web = Workload("web", 1, pod: Pod("web", 1000) with { Priority = 1 });
        var model = Grouped(Group("general", 3, max: 9), db, web) with { IsAutoscaled = true };
        var run = ClusterRun.InSteadyState(model, new RunOptions { Timers = Timers.Default with { InstanceReplacement = TimeSpan.FromDays(1) } });
        run.Apply(new Disruption.ZoneLost(run.State.Nodes.First(node => node.Pods.Any(pod => pod.Workload == web)).Node.Zone));
        run.RunUntilQuiet(TimeSpan.FromHours(1));

        Assert.Equal(2, run.StatusOf(db).Serving);
        Assert.Equal(1, run.StatusOf(web).Serving);
        Assert.Empty(run.Of<RunEvent.NodeLaunching>());
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    public void A_group_over_several_zones_cannot_be_asked_for_one(int max, int serving)
    {
        // Auto Scaling starts the nodes where the group has fewest, at worst in the needed zone last.
        var pinned = Workload("pinned", 1, pod: Pod("pinned", 3000) with { NodeSelector = Labels.Of((Labels.Zone, "a")), Priority = -1 });
        var filler = Workload("filler", 3, pod: Pod("filler", 3000) with { Spread = [new TopologySpread { TopologyKey = Labels.Zone, MaxSkew = 1, IsRequired = true, Selector = LabelSelector.Of([new("app", "filler")]) }] });
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3, max), pinned, filler) with { IsAutoscaled = true }, Launches);

        Assert.Equal((max, serving), (run.State.Nodes.Count, run.StatusOf(pinned).Serving));
    }

    [Fact]
    public void A_group_of_one_zone_grows_where_it_is_asked_to()
    {
        var pinned = Workload("pinned", 2, pod: Pod("pinned", 3000) with { NodeSelector = Labels.Of((Labels.Zone, "b")) });
        var groups = new[] { "a", "b", "c" }.Select(zone => Group($"general-{zone}", 1, 2, zone)).ToArray();
        var run = ClusterRun.InSteadyState(Grouped(groups[0], pinned) with { NodeGroups = [.. groups], IsAutoscaled = true }, Launches);

        Assert.Equal((4, 2), (run.State.Nodes.Count, run.StatusOf(pinned).Serving));
    }

    [Fact]
    public void A_node_for_pending_pods_is_requested_at_the_next_scan()
    {
        var web = Workload("web", 3, pod: Pod("web", 3000));
        var model = Grouped(Group("general", 3, max: 4), web) with { IsAutoscaled = true };
        var run = ClusterRun.InSteadyState(model, new RunOptions { Timers = Timers.Default with { InstanceReplacement = TimeSpan.FromDays(1) } });
        run.Apply(new Disruption.NodesLost(["general-0"]));
        run.RunUntilQuiet(TimeSpan.FromHours(1));

        // Collected after 115 s, seen at 120 s, joined at 210 s, image and start 45 s.
        Assert.Equal([("general", 120)], run.Of<RunEvent.NodeLaunching>());
        Assert.Equal(Seconds(255), run.StatusOf(web).RestoredAt);
    }

    [Fact]
    public void A_zonal_shift_takes_requests_away_and_evicts_nothing()
    {
        var web = Workload("web", 3);
        var run = ClusterRun.InSteadyState(Grouped(Group("general", 3), web), Launches).After(new Disruption.ZoneShifted("a"));

        Assert.Equal((3, 2, 2), (run.StatusOf(web).Ready, run.StatusOf(web).Serving, run.StatusOf(web).LeastReady));
        Assert.Equal(TimeSpan.Zero, run.StatusOf(web).ServingGap);
        Assert.Equal(3, run.State.Nodes.Sum(node => node.PodCount));
        run.After(new Disruption.PodLost($"shop/web-{Enumerable.Range(0, 3).First(o => run.NodeOf($"shop/web-{o}") == "general-0")}"));
        Assert.Equal(3, run.StatusOf(web).Serving);
        run.After(new Disruption.NodesLost(["general-0"]));
        Assert.Equal("b", run.State.Nodes.Single(node => node.Node.Name == "general-3").Node.Zone);
    }

    private static ClusterModel Grouped(NodeGroup group, params Workload[] workloads) =>
        Cluster([], workloads) with { Zones = ["a", "b", "c"], NodeGroups = [group] };
}
