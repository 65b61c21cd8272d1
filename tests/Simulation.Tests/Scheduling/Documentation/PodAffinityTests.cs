using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling.Documentation;

/// <summary>
/// The examples of https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ (web-store beside its cache) and
/// https://kubernetes.io/docs/tutorials/stateful-application/zookeeper/ (one server a node).
/// </summary>
public sealed class PodAffinityTests
{
    private readonly ClusterState _cluster = new([Sample.Node("node-1", "a"), Sample.Node("node-2", "b"), Sample.Node("node-3", "c")]);
    private readonly Scheduler _scheduler = new(new SchedulerOptions());

    private static PodSpec Cache => Sample.App("store") with { Affinity = new Affinity { Apart = [Sample.Near(Labels.Host, "store")] } };

    private static PodSpec Web => Sample.App("web-store") with
    {
        Affinity = new Affinity { Near = [Sample.Near(Labels.Host, "store")], Apart = [Sample.Near(Labels.Host, "web-store")] },
    };

    [Fact]
    public void Each_web_server_runs_beside_a_cache_of_its_own()
    {
        Place(Sample.Replicas("redis-cache", 3, Cache));
        Place(Sample.Replicas("web-server", 3, Web));
        Assert.All(_cluster.Nodes, node => Assert.Equal(["redis-cache", "web-server"], node.Pods.Select(pod => pod.Workload.Name)));
    }

    [Fact]
    public void Without_a_cache_no_web_server_runs() => Assert.Equal(
        "0/3 nodes are available: 3 node(s) didn't match pod affinity rules.", _scheduler.Schedule(_cluster, Sample.Pod("web", Web)).ToString());

    [Fact]
    public void A_fourth_server_of_zookeeper_stays_pending_on_three_nodes()
    {
        var servers = Sample.Replicas("zk", 4, Sample.App("zk") with { Affinity = new Affinity { Apart = [Sample.Near(Labels.Host, "zk")] } }, WorkloadKind.StatefulSet);
        Place(servers.Take(3));
        Assert.Equal("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.", _scheduler.Place(_cluster, servers[3]).ToString());
    }

    [Fact]
    public void A_running_pod_keeps_off_those_it_does_not_want()
    {
        Place([Sample.Pod("loner", Sample.App("loner") with { Affinity = new Affinity { Apart = [Sample.Near(Labels.Zone, "crowd")] } })]);
        var loner = _cluster.Nodes.Single(node => node.PodCount == 1);
        var crowd = Sample.Pod("crowd", Sample.App("crowd") with { NodeSelector = Labels.Of((Labels.Host, loner.Node.Name)) });
        Assert.Equal(
            "0/3 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules, 2 node(s) didn't match Pod's node affinity/selector.",
            _scheduler.Schedule(_cluster, crowd).ToString());
        Assert.Equal(3, _cluster.FeasibleNodes(Sample.Pod("crowd", Sample.App("crowd"), @namespace: "elsewhere")).Length);
    }

    [Fact]
    public void The_first_of_a_group_that_wants_to_be_together_may_go_anywhere()
    {
        var group = Sample.Replicas("group", 3, Sample.App("group") with { Affinity = new Affinity { Near = [Sample.Near(Labels.Zone, "group")] } });
        Assert.Equal(3, _cluster.FeasibleNodes(group[0]).Length);
        Place(group);
        Assert.Single(_cluster.Nodes, node => node.PodCount == 3);
    }

    [Fact]
    public void Preferred_affinity_draws_pods_together_also_towards_those_that_run()
    {
        Place([Sample.Pod("host", Sample.App("host") with { Affinity = new Affinity { PreferredNear = [new PreferredPods(100, Sample.Near(Labels.Host, "guest"))] } })]);
        Place([Sample.Pod("guest", Sample.App("guest"), WorkloadKind.Pod)]);
        Assert.Single(_cluster.Nodes, node => node.PodCount == 2);
    }

    [Fact]
    public void Preferred_anti_affinity_is_given_up_when_there_is_no_choice()
    {
        var pods = Sample.Replicas("many", 4, Sample.App("many") with
        {
            Affinity = new Affinity { PreferredApart = [new PreferredPods(100, Sample.Near(Labels.Host, "many"))] },
        });
        Place(pods);
        Assert.Equal([1, 1, 2], _cluster.Nodes.Select(node => node.PodCount).Order());
    }

    private void Place(IEnumerable<Pod> pods)
    {
        foreach (var pod in pods)
            Assert.NotNull(_scheduler.Place(_cluster, pod).Node);
    }
}
