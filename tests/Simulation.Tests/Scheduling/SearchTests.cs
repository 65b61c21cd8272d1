using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling;

/// <summary>Which nodes are looked at, and in what order.</summary>
public sealed class SearchTests
{
    /// <summary>The examples of https://kubernetes.io/docs/concepts/scheduling-eviction/scheduler-perf-tuning/: 50 % of 100 nodes, 10 % of 5,000, never below 5 %.</summary>
    [Theory]
    [InlineData(50, 50)]
    [InlineData(100, 100)]
    [InlineData(1000, 420)]
    [InlineData(5000, 500)]
    [InlineData(10000, 500)]
    public void Enough_nodes(int nodes, int enough) => Assert.Equal(enough, NodeSampling.EnoughOf(nodes));

    [Fact]
    public void One_node_of_each_zone_in_turn()
    {
        var cluster = new ClusterState(
        [
            Sample.Node("a1", "a"), Sample.Node("a2", "a"), Sample.Node("a3", "a"), Sample.Node("b1", "b"), Sample.Node("c1", "c"), Sample.Node("c2", "c"),
        ]);
        Assert.Equal(["a1", "b1", "c1", "a2", "c2", "a3"], cluster.Order.ToArray().Select(index => cluster.NodeAt(index).Node.Name));
    }

    [Fact]
    public void Each_search_goes_on_where_the_last_one_ended()
    {
        var nodes = Enumerable.Range(0, 400).Select(number => Sample.Node($"node-{number}", "abcd"[number % 4].ToString())).ToArray();
        var cluster = new ClusterState(nodes);
        var scheduler = new Scheduler(new SchedulerOptions());
        var pod = Sample.Pod("web", Sample.App("web"));
        Assert.Equal(new SearchCursor(0, 0), cluster.Cursor);
        scheduler.Schedule(cluster, pod);
        Assert.Equal(new SearchCursor(0, 0), cluster.Cursor);
        scheduler.Place(cluster, pod);
        Assert.Equal(new SearchCursor(188, 1), cluster.Cursor);
    }

    [Fact]
    public void All_nodes_are_scored_on_request()
    {
        var cluster = new ClusterState(Enumerable.Range(0, 400).Select(number => Sample.Node($"node-{number}", "a")));
        for (var node = 0; node < 399; node++)
            cluster.Bind(Sample.Pod("filler", Sample.App("filler")), cluster.Nodes[node]);
        var pod = Sample.Pod("web", Sample.App("web"));
        Assert.Equal("node-399", new Scheduler(new SchedulerOptions { SamplesNodes = false }).Schedule(cluster, pod).ToString());
        Assert.NotEqual("node-399", new Scheduler(new SchedulerOptions()).Schedule(cluster, pod).ToString());
    }

    [Fact]
    public void Chance_decides_between_equals()
    {
        var cluster = new ClusterState(Enumerable.Range(0, 4).Select(number => Sample.Node($"node-{number}", "a")));
        var pod = Sample.Pod("web", Sample.App("web"));
        var chosen = Enumerable.Range(0, 50).Select(seed => new Scheduler(new SchedulerOptions { Seed = seed }).Schedule(cluster, pod).ToString());
        Assert.Equal(4, chosen.Distinct().Count());
    }
}
