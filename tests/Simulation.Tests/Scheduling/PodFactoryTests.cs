using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling;

public sealed class PodFactoryTests
{
    private static readonly Node[] Nodes =
    [
        Sample.Node("general", "a"),
        Sample.Node("stateful", "a") with { Taints = [new Taint("pool", "stateful", TaintEffect.NoSchedule)] },
        Sample.Node("cordoned", "a") with { IsUnschedulable = true },
    ];

    [Fact]
    public void A_stateful_set_has_its_replicas_by_number() =>
        Assert.Equal(["default/db-0", "default/db-1", "default/db-2"], Sample.Replicas("db", 3, Sample.App("db"), WorkloadKind.StatefulSet).Select(pod => pod.ToString()));

    [Fact]
    public void A_daemon_set_has_one_on_each_node_that_suits_it()
    {
        var cluster = new ClusterState(Nodes);
        var scheduler = new Scheduler(new SchedulerOptions());
        var pods = PodFactory.Of(Sample.Workload("agent", Sample.App("agent"), WorkloadKind.DaemonSet), Nodes).ToArray();
        Assert.Equal(["general", "cordoned"], pods.Select(pod => scheduler.Place(cluster, pod).ToString()));
    }

    [Fact]
    public void A_daemon_that_finds_no_room_on_its_node_goes_to_no_other()
    {
        var cluster = new ClusterState(Nodes);
        var full = cluster.Find("general")!;
        cluster.Bind(Sample.Pod("big", Sample.App("big") with { Requests = full.Free }), full);
        var daemon = PodFactory.Of(Sample.Workload("agent", Sample.App("agent"), WorkloadKind.DaemonSet), Nodes).First();
        Assert.Equal(
            "0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 2 node(s) didn't satisfy plugin(s) [NodeAffinity].",
            new Scheduler(new SchedulerOptions()).Schedule(cluster, daemon).ToString());
    }
}
