using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling;

public sealed class ClusterStateTests
{
    private static readonly PodSpec WithVolume = Sample.App("db") with { Volumes = [new VolumeClaim("data", Sample.Gibibyte, null)] };

    private readonly ClusterState _cluster = new([Sample.Node("node-1", "a"), Sample.Node("node-2", "b")]);
    private readonly Scheduler _scheduler = new(new SchedulerOptions());

    [Fact]
    public void A_recreated_pod_finds_its_volume_and_stays_in_its_zone()
    {
        _cluster.Bind(Sample.Pod("db", WithVolume, WorkloadKind.StatefulSet), _cluster.Find("node-1")!);
        var recreated = Sample.Pod("db", WithVolume, WorkloadKind.StatefulSet);
        _cluster.Remove(_cluster.Find("node-1")!);
        Assert.Equal("a", _cluster.VolumeZoneOf(recreated));
        Assert.Equal("0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity.",
            _scheduler.Schedule(_cluster, recreated).ToString());
        _cluster.ForgetVolumes(recreated);
        Assert.Null(_cluster.VolumeZoneOf(recreated));
        Assert.Equal("node-2", _scheduler.Place(_cluster, recreated).ToString());
        Assert.Equal("b", _cluster.VolumeZoneOf(recreated));
    }

    [Fact]
    public void A_full_node_takes_no_more_volumes()
    {
        var small = new ClusterState([Sample.Node("small", "a").WithEbsVolumes(1)]);
        var pods = Sample.Replicas("db", 2, WithVolume, WorkloadKind.StatefulSet);
        _scheduler.Place(small, pods[0]);
        Assert.Equal("0/1 nodes are available: 1 node(s) exceed max volume count.", _scheduler.Place(small, pods[1]).ToString());
    }

    [Fact]
    public void Removing_a_node_gives_its_pods_back_in_order()
    {
        var pods = Sample.Replicas("web", 5, Sample.App("web"));
        var node = _cluster.Find("node-1")!;
        foreach (var pod in pods)
            _cluster.Bind(pod, node);
        _cluster.Unbind(pods[2]);
        Assert.Equal<Pod>([pods[0], pods[1], pods[3], pods[4]], _cluster.Remove(node));
        Assert.Null(_cluster.NodeOf(pods[0]));
        Assert.Null(_cluster.Find("node-1"));
        Assert.Equal(["node-2"], _cluster.Nodes.Select(other => other.Node.Name));
    }

    [Fact]
    public void Pods_that_were_handed_out_stay_as_they_were()
    {
        var pods = Sample.Replicas("web", 2, Sample.App("web"));
        var node = _cluster.Find("node-1")!;
        _cluster.Bind(pods[0], node);
        var seen = node.Pods;
        _cluster.Unbind(pods[0]);
        _cluster.Bind(pods[1], node);
        Assert.Equal([pods[0]], seen);
    }

    [Fact]
    public void What_is_not_of_this_state_is_turned_away()
    {
        var pod = Sample.Pod("web", Sample.App("web"));
        _cluster.Bind(pod, _cluster.Find("node-1")!);
        Assert.Equal(
            "pod default/web-0 is already bound to node node-1; unbind it first",
            Assert.Throws<InvalidOperationException>(() => _cluster.Bind(pod, _cluster.Find("node-2")!)).Message);
        Assert.Throws<ArgumentException>(() => _cluster.Cordon(_cluster.Clone().Find("node-1")!, true));
        Assert.Throws<ArgumentException>(() => _cluster.Add(Sample.Node("node-1", "c")));
    }

    [Fact]
    public void A_pod_may_be_placed_in_two_clusters()
    {
        var pod = Sample.Pod("web", Sample.App("web") with { Affinity = new Affinity { Apart = [Sample.Near(Labels.Host, "web")] } });
        var other = new ClusterState([Sample.Node("only", "a")]);
        Assert.NotNull(_scheduler.Place(_cluster, pod).Node);
        Assert.Equal("only", _scheduler.Place(other, pod).ToString());
        Assert.NotNull(_cluster.NodeOf(pod));
    }

    [Fact]
    public void Clones_may_be_used_side_by_side()
    {
        foreach (var pod in Sample.Replicas("base", 6, Sample.App("base")))
            _scheduler.Place(_cluster, pod);
        var results = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(4).Select(number =>
        {
            var (clone, scheduler) = (_cluster.Clone(), new Scheduler(new SchedulerOptions()));
            foreach (var pod in Sample.Replicas(
                $"w{number % 4}", 20, Sample.App("base") with { Spread = [Sample.Spread(Labels.Zone, "base")] }))
                scheduler.Place(clone, pod);
            return string.Join(",", clone.Nodes.Select(node => node.PodCount));
        }).ToArray();
        Assert.Equal(["13,13"], results.Distinct());
    }

    [Fact]
    public void Placing_allocates_nothing_but_the_result()
    {
        var pods = Sample.Replicas("web", 100, Sample.App("web") with { Spread = [Sample.Spread(Labels.Zone, "web")] });
        foreach (var pod in pods)
            _scheduler.Schedule(_cluster, pod);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var pod in pods)
            _scheduler.Schedule(_cluster, pod);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, pods.Count * 64);
    }
}
