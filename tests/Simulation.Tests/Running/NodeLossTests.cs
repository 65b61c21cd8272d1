using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.Status;

using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Timelines computed by hand from the documents that <see cref="Timers"/> names.</summary>
public sealed class NodeLossTests
{
    private static readonly Toleration HalfAMinute = new(Taint.Unreachable.Key, true, "", TaintEffect.NoExecute, Seconds(30));

    [Fact]
    public void A_stateless_pod_is_back_50_s_300_s_and_its_start_after_its_node_stopped_answering()
    {
        var web = Workload("web", 3);
        var run = ClusterRun.InSteadyState(Cluster(web), NoLaunches).After(new Disruption.NodesLost(["a"], LostInstances.Unreachable));

        Assert.Equal([("a", 50)], run.Of<RunEvent.NodeUnreachable>());
        Assert.Equal(350, Assert.Single(run.Of<RunEvent.PodEvicted>()).Seconds);
        Assert.Equal(380, Assert.Single(run.Of<RunEvent.PodReady>()).Seconds);
        var status = run.StatusOf(web);
        Assert.Equal((2, 3), (status.LeastReady, status.Serving));
        Assert.Equal(TimeSpan.Zero, status.LeastReadyAt);
        Assert.Equal(Seconds(380), status.RestoredAt);
        Assert.Equal(Seconds(50), status.ServingGap);
        Assert.Equal(1, status.DeadEndpoints);
        Assert.Equal((50, 300, 0, 0, 30), Phases(status.Slowest!));
    }

    [Fact]
    public void A_node_of_a_group_that_is_not_described_is_not_replaced()
    {
        Node[] nodes = [Node("a", "a") with { Group = "elsewhere" }, Node("b", "b")];
        var run = ClusterRun.InSteadyState(Cluster(nodes, Workload("web", 2)), new RunOptions()).After(new Disruption.NodesLost(["a"]));

        Assert.Empty(run.Of<RunEvent.NodeLaunched>());
    }

    [Fact]
    public void A_terminated_instance_is_over_sooner_because_its_pods_are_collected_with_its_node()
    {
        var web = Workload("web", 3);
        var run = ClusterRun.InSteadyState(Cluster(web), NoLaunches).After(new Disruption.NodesLost(["a"]));

        // 50 s until it is marked, 5 s until EC2 is asked, 40 s and a round of 20 s until its pods are collected, 30 s to start.
        Assert.Equal([("a", 55)], run.Of<RunEvent.NodeGone>());
        Assert.Equal(115, Assert.Single(run.Of<RunEvent.PodLost>()).Seconds);
        Assert.Equal(Seconds(145), run.StatusOf(web).RestoredAt);
        Assert.Empty(run.Of<RunEvent.PodEvicted>());
    }

    [Theory]
    [InlineData(LostInstances.Terminated)]
    [InlineData(LostInstances.Unreachable)]
    public void A_pod_that_tolerates_the_taint_for_30_s_is_replaced_after_80(LostInstances instances)
    {
        var web = Workload("web", 3, pod: Pod("web") with { Tolerations = [HalfAMinute] });
        var run = ClusterRun.InSteadyState(Cluster(web), NoLaunches).After(new Disruption.NodesLost(["a"], instances));

        Assert.Equal(80, Assert.Single(run.Of<RunEvent.PodEvicted>()).Seconds);
        Assert.Equal(Seconds(110), run.StatusOf(web).RestoredAt);
    }

    [Fact]
    public void A_volume_stays_six_minutes_with_a_node_that_is_gone()
    {
        var db = Database();
        var run = ClusterRun.InSteadyState(TwoInOneZone(db), NoLaunches);
        run.After(new Disruption.NodesLost([run.NodeOf("shop/db-0")]));

        // Collected after 115 s, free 6 min and 10 s later, attached in 15 s; the image is new to the other node: 15 s, and 30 s to start.
        Assert.Equal(500, Assert.Single(run.Of<RunEvent.VolumeAttached>()).Seconds);
        Assert.Equal((50, 65, 0, 385, 45), Phases(run.StatusOf(db).Slowest!));
        Assert.Equal(Seconds(545), run.StatusOf(db).RestoredAt);
    }

    [Fact]
    public void A_stateful_pod_never_comes_back_while_its_instance_is_not_ended()
    {
        var db = Database();
        var run = ClusterRun.InSteadyState(TwoInOneZone(db), NoLaunches);
        run.After(new Disruption.NodesLost([run.NodeOf("shop/db-0")], LostInstances.Unreachable));

        Assert.True(run.IsQuiet);
        Assert.Equal(350, Assert.Single(run.Of<RunEvent.PodEvicted>()).Seconds);
        var waiting = Assert.Single(run.StatusOf(db).Pending);
        Assert.Equal(("shop/db-0", WaitCause.Predecessor), (waiting.Pod, waiting.Cause));
        Assert.Null(run.StatusOf(db).RestoredAt);
    }

    [Fact]
    public void The_out_of_service_taint_frees_it_with_its_volume()
    {
        var db = Database();
        var run = ClusterRun.InSteadyState(TwoInOneZone(db), NoLaunches);
        var dead = run.NodeOf("shop/db-0");
        run.Apply(new Disruption.NodesLost([dead], LostInstances.Unreachable));
        run.RunUntilQuiet(Seconds(100));
        run.After(new Disruption.NodeOutOfService(dead));

        // At 100 s: collected in the next round of 20 s, detached in 10 s, attached in 15 s, started in 45 s.
        Assert.Equal(145, Assert.Single(run.Of<RunEvent.VolumeAttached>()).Seconds);
        Assert.Equal(Seconds(190), run.StatusOf(db).RestoredAt);
    }

    [Fact]
    public void A_volume_of_a_dead_zone_is_waited_for()
    {
        var db = Database();
        var run = ClusterRun.InSteadyState(Cluster(db), NoLaunches);
        var zone = run.NodeOf("shop/db-0");
        run.After(new Disruption.ZoneLost(zone));

        var waiting = Assert.Single(run.StatusOf(db).Pending);
        Assert.Equal(WaitCause.Node, waiting.Cause);
        Assert.Contains("0/2 nodes are available", waiting.Reason, StringComparison.Ordinal);
        Assert.Equal(0, run.StatusOf(db).Serving);
    }

    [Fact]
    public void An_ordered_set_comes_back_one_by_one_a_parallel_one_together()
    {
        var ordered = Workload("ordered", 2, WorkloadKind.StatefulSet);
        var parallel = Workload("parallel", 2, WorkloadKind.StatefulSet) with { IsParallel = true };
        var cluster = Cluster([Node("a", "a"), Node("b", "b") with { IsUnschedulable = true }], ordered, parallel);
        var run = ClusterRun.InSteadyState(cluster, NoLaunches);
        run.State.Cordon(run.State.Find("b")!, false);
        run.After(new Disruption.NodesLost(["a"]));

        Assert.Equal(
            [("shop/ordered-0", 160), ("shop/parallel-0", 160), ("shop/parallel-1", 160), ("shop/ordered-1", 190)],
            run.Of<RunEvent.PodReady>());
    }

    [Fact]
    public void A_bare_pod_is_not_made_again_and_a_daemon_only_has_one_node_less()
    {
        var bare = Workload("bare", 1, WorkloadKind.Pod);
        var agent = Workload("agent", 1, WorkloadKind.DaemonSet);
        var run = ClusterRun.InSteadyState(Cluster(bare, agent), NoLaunches);
        run.After(new Disruption.NodesLost([run.NodeOf("shop/bare")]));

        Assert.Equal(new WaitingPod("shop/bare", WaitCause.Nothing, "a pod without a controller is not recreated"), Assert.Single(run.StatusOf(bare).Pending));
        Assert.Equal((2, 2, 2), (run.StatusOf(agent).Ready, run.StatusOf(agent).Desired, run.StatusOf(agent).LeastReady));
        Assert.DoesNotContain(run.Events, happened => happened is RunEvent.PodEvicted { Subject: "shop/agent-0" or "shop/agent-1" or "shop/agent-2" });
    }

    [Fact]
    public void Nodes_of_a_dead_zone_are_emptied_one_every_ten_seconds()
    {
        var run = ClusterRun.InSteadyState(Cluster(Crowd()), NoLaunches).After(new Disruption.ZoneLost("a", LostInstances.Unreachable));

        Assert.Equal([("a0", 50), ("a1", 60), ("a2", 70), ("a3", 80)], run.Of<RunEvent.NodeTainted>());
    }

    [Fact]
    public void A_small_zone_that_is_mostly_dead_is_not_emptied_at_all()
    {
        var run = ClusterRun.InSteadyState(Cluster(Crowd()), NoLaunches).After(new Disruption.NodesLost(["a0", "a1", "a2"], LostInstances.Unreachable));

        Assert.Equal(3, run.Of<RunEvent.NodeUnreachable>().Length);
        Assert.Empty(run.Of<RunEvent.NodeTainted>());
    }

    [Fact]
    public void Nothing_is_evicted_when_every_zone_is_dead()
    {
        var run = ClusterRun.InSteadyState(Cluster(Workload("web", 3)), NoLaunches).After(new Disruption.NodesLost(["a", "b", "c"], LostInstances.Unreachable));

        Assert.Empty(run.Of<RunEvent.NodeTainted>());
        Assert.Equal(0, run.StatusOf(run.Model.Workloads[0]).Ready);
    }

    [Fact]
    public void More_important_pods_take_the_place_of_others_when_a_zone_is_lost()
    {
        var important = Workload("important", 3, pod: Pod("important", 2000) with { Priority = 1000 });
        var batch = Workload("batch", 3, pod: Pod("batch", 2000));
        var run = ClusterRun.InSteadyState(Cluster(important, batch), NoLaunches);
        var zone = run.NodeOf("shop/important-0");
        run.After(new Disruption.ZoneLost(zone));

        // Collected at 115 s; the victim has 30 s to end, then its place is taken and the image is there.
        Assert.Equal(("shop/important-0", 115), Assert.Single(run.Of<RunEvent.PodsPreempted>()));
        Assert.Equal(Seconds(175), run.StatusOf(important).RestoredAt);
        Assert.Equal(1, run.StatusOf(batch).Serving);
        Assert.All(run.StatusOf(batch).Pending, pod => Assert.Contains("Insufficient cpu", pod.Reason, StringComparison.Ordinal));
    }

    private static (double, double, double, double, double) Phases(RecoveryPhases phases) => (
        phases.Detected.TotalSeconds, phases.Evicted.TotalSeconds, phases.Scheduled.TotalSeconds, phases.VolumeAttached.TotalSeconds,
        phases.Started.TotalSeconds);

    private static Workload Database() =>
        Workload("db", 1, WorkloadKind.StatefulSet, Pod("db") with { Volumes = [new VolumeClaim("data", 10 * GiB, null)] });

    /// <summary>With a node elsewhere, so that never every zone is dead.</summary>
    private static ClusterModel TwoInOneZone(Workload workload) =>
        Cluster([Node("a", "a"), Node("a2", "a"), Node("b", "b") with { Taints = [new Taint("other", "", TaintEffect.NoSchedule)] }], workload);

    private static Node[] Crowd() => [Node("a0", "a"), Node("a1", "a"), Node("a2", "a"), Node("a3", "a"), Node("b", "b")];
}
