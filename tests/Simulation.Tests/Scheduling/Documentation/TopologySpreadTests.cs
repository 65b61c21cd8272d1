using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling.Documentation;

/// <summary>
/// The examples of https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/: node1 and node2 in zoneA, node3
/// and node4 in zoneB.
/// </summary>
public sealed class TopologySpreadTests
{
    private readonly ClusterState _cluster = new(
    [
        Node("node1", "zoneA"), Node("node2", "zoneA"), Node("node3", "zoneB"), Node("node4", "zoneB"),
    ]);

    [Fact]
    public void One_constraint_sends_the_fourth_pod_to_the_zone_with_one()
    {
        Run("foo", ["node1", "node2", "node3"]);
        var mypod = Sample.Pod("mypod", Sample.App("foo") with { Spread = [Sample.Spread("zone", "foo")] });
        Assert.Equal(["node3", "node4"], _cluster.FeasibleNodes(mypod));
    }

    [Fact]
    public void Pods_that_are_ending_no_longer_count_but_keep_others_away_until_they_are_gone()
    {
        var leaving = Sample.Pod("leaving", Sample.App("foo"));
        _cluster.Bind(leaving, _cluster.Find("node1")!);
        var spread = Sample.Pod("spread", Sample.App("foo") with { Spread = [Sample.Spread("zone", "foo")] });
        var apart = Sample.Pod("apart", Sample.App("foo") with { Affinity = new Affinity { Apart = [new PodAffinityTerm(Sample.Selecting("foo"), "zone", [])] } });
        Assert.Equal(["node3", "node4"], _cluster.FeasibleNodes(spread));
        _cluster.End(leaving);
        _cluster.End(leaving);
        Assert.Equal(["node1", "node2", "node3", "node4"], _cluster.FeasibleNodes(spread));
        Assert.Equal(["node3", "node4"], _cluster.FeasibleNodes(apart));

        // Counted out and in again with its node, and in a copy, as before.
        _cluster.Cordon(_cluster.Find("node1")!, true);
        _cluster.Cordon(_cluster.Find("node1")!, false);
        Assert.Equal(["node1", "node2", "node3", "node4"], _cluster.Clone().FeasibleNodes(spread));
        _cluster.Unbind(leaving);
        Assert.Equal(["node1", "node2", "node3", "node4"], _cluster.FeasibleNodes(spread));
        Run("foo", ["node1"]);
        Assert.Equal(["node3", "node4"], _cluster.FeasibleNodes(spread));
    }

    [Fact]
    public void Where_a_volume_is_does_not_narrow_down_which_zones_count()
    {
        var claim = new VolumeClaim("data", 1, "") { Owner = ClaimOwner.Other };
        var cluster = new ClusterState(_cluster.Nodes.Select(node => node.Node), new ClusterStorage
        {
            Volumes = [new PersistentVolume { Name = "pv", Bytes = 1, Nodes = [Sample.NodesWhere("zone", LabelOperator.In, "zoneA")] }],
            Claims = [new PersistentVolumeClaim("default", "data", claim) { Volume = "pv" }],
        });
        cluster.Bind(Sample.Pod("other", Sample.App("foo")), cluster.Find("node1")!);
        var held = Sample.App("foo") with
        {
            Spread = [Sample.Spread("zone", "foo")],
            Volumes = [claim],
        };
        Assert.Empty(cluster.FeasibleNodes(Sample.Pod("mypod", held)));
        var refused = new Scheduler(new SchedulerOptions()).Schedule(cluster, Sample.Pod("mypod", held));
        Assert.Equal(
            "0/4 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity, 2 node(s) didn't match pod topology spread constraints.",
            refused.ToString());
        Assert.Equal(["node1", "node2"], cluster.FeasibleNodes(Sample.Pod("mypod", held with { Spread = [] })));
    }

    [Fact]
    public void A_selector_of_everything_counts_nobody_but_the_pod_itself()
    {
        Run("foo", ["node1", "node1", "node2"]);
        var everything = Sample.Spread("zone", "foo") with { Selector = LabelSelector.Everything };
        var mypod = Sample.Pod("mypod", Sample.App("foo") with { Spread = [everything] });
        Assert.Equal(["node1", "node2", "node3", "node4"], _cluster.FeasibleNodes(mypod));
        Assert.Empty(_cluster.FeasibleNodes(Sample.Pod("mypod", mypod.Spec with { Spread = [everything with { MaxSkew = 0 }] })));
    }

    [Fact]
    public void Schedule_anyway_only_prefers_the_emptier_zone()
    {
        Run("foo", ["node1", "node2", "node3"]);
        var mypod = Sample.Pod("mypod", Sample.App("foo") with { Spread = [Sample.Spread("zone", "foo", isRequired: false)] });
        Assert.Equal(["node1", "node2", "node3", "node4"], _cluster.FeasibleNodes(mypod));
        Assert.Equal("zoneB", new Scheduler(new SchedulerOptions()).Schedule(_cluster, mypod).Node!.Node.Zone);
    }

    [Fact]
    public void Two_constraints_leave_only_the_empty_node()
    {
        Run("foo", ["node1", "node2", "node3"]);
        var mypod = Sample.Pod("mypod", Sample.App("foo") with { Spread = [Sample.Spread("zone", "foo"), Sample.Spread("node", "foo")] });
        Assert.Equal(["node4"], _cluster.FeasibleNodes(mypod));
    }

    /// <summary>Three nodes in two zones: the zone constraint asks for zoneB, the node constraint for node2.</summary>
    [Fact]
    public void Conflicting_constraints_leave_the_pod_pending()
    {
        _cluster.Remove(_cluster.Find("node4")!);
        Run("foo", ["node1", "node1", "node2", "node3", "node3"]);
        var mypod = Sample.Pod("mypod", Sample.App("foo") with { Spread = [Sample.Spread("zone", "foo"), Sample.Spread("node", "foo")] });
        var result = new Scheduler(new SchedulerOptions()).Schedule(_cluster, mypod);
        Assert.Equal("0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.", result.ToString());
    }

    /// <summary>zoneC must be bypassed by node affinity; it then counts in the constraint no more.</summary>
    [Theory]
    [InlineData(true, new[] { "node3", "node4" })]
    [InlineData(false, new string[0])]
    public void A_zone_that_affinity_excludes_does_not_count(bool honorsAffinity, string[] feasible)
    {
        _cluster.Add(Node("node5", "zoneC"));
        Run("foo", ["node1", "node2", "node3"]);
        var mypod = Sample.Pod("mypod", Sample.App("foo") with
        {
            Spread = [Sample.Spread("zone", "foo") with { HonorsAffinity = honorsAffinity }],
            Affinity = new Affinity { Nodes = [Sample.NodesWhere("zone", LabelOperator.NotIn, "zoneC")] },
        });
        Assert.Equal(feasible, _cluster.FeasibleNodes(mypod));
    }

    /// <summary>
    /// minDomains 5 of 3 zones with 2 pods each: the minimum counts as 0, and three pods in a zone are more than maxSkew 2.
    /// </summary>
    [Theory]
    [InlineData(5, new string[0])]
    [InlineData(3, new[] { "node1", "node2", "node3", "node4", "node5" })]
    public void Fewer_domains_than_asked_for_count_as_an_empty_one(int minDomains, string[] feasible)
    {
        _cluster.Add(Node("node5", "zoneC"));
        Run("foo", ["node1", "node2", "node3", "node4", "node5", "node5"]);
        var mypod = Sample.Pod("mypod", Sample.App("foo") with
        {
            Spread = [Sample.Spread("zone", "foo", maxSkew: 2) with { MinDomains = minDomains }],
        });
        Assert.Equal(feasible, _cluster.FeasibleNodes(mypod));
    }

    [Theory]
    [InlineData(true, new[] { "node3", "node4" })]
    [InlineData(false, new string[0])]
    public void A_tainted_zone_counts_unless_the_taints_policy_honors_taints(bool honorsTaints, string[] feasible)
    {
        _cluster.Taint(_cluster.Add(Node("node5", "zoneC")), new Taint("maintenance", "", TaintEffect.NoSchedule));
        Run("foo", ["node1", "node2", "node3"]);
        var mypod = Sample.Pod("mypod", Sample.App("foo") with
        {
            Spread = [Sample.Spread("zone", "foo") with { HonorsTaints = honorsTaints }],
        });
        Assert.Equal(feasible, _cluster.FeasibleNodes(mypod));
        _cluster.Untaint(_cluster.Find("node5")!, "maintenance");
        Assert.Equal(["node5"], _cluster.FeasibleNodes(mypod));
    }

    [Fact]
    public void Pods_of_another_revision_do_not_count_with_match_label_keys()
    {
        var spread = Sample.Spread("zone", "foo") with { MatchLabelKeys = ["revision"] };
        Run("foo", ["node1", "node2"], ("revision", "1"));
        var next = Sample.App("foo") with { Spread = [spread] };
        var old = next with { Labels = next.Labels.Add("revision", "1") };
        var revised = next with { Labels = next.Labels.Add("revision", "2") };
        Assert.Equal(["node3", "node4"], _cluster.FeasibleNodes(Sample.Pod("old", old)));
        Assert.Equal(["node1", "node2", "node3", "node4"], _cluster.FeasibleNodes(Sample.Pod("revised", revised)));
    }

    [Fact]
    public void A_pod_that_does_not_match_its_own_selector_adds_nothing()
    {
        Run("foo", ["node1"]);
        var other = Sample.Pod("other", Sample.App("bar") with { Spread = [Sample.Spread("zone", "foo")] });
        Assert.Equal(["node1", "node2", "node3", "node4"], _cluster.FeasibleNodes(other));
    }

    [Fact]
    public void A_node_without_the_label_is_refused_and_no_domain()
    {
        _cluster.Add(Sample.Node("node5", "zoneC"));
        var result = new Scheduler(new SchedulerOptions()).Schedule(_cluster, Sample.Pod("mypod", Sample.App("foo") with
        {
            Spread = [Sample.Spread("zone", "foo")],
            NodeSelector = Labels.Of((Labels.Host, "node5")),
        }));
        Assert.Equal(
            "0/5 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label), "
            + "4 node(s) didn't match Pod's node affinity/selector.", result.ToString());
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 4)]
    public void A_workload_without_constraints_is_spread_by_default(bool defaultSpread, int atMost)
    {
        // zoneA is so much emptier that without spread everything goes there.
        var heavy = Sample.Pod("heavy", Sample.App("heavy") with { Requests = new Resources(3000, 12 * Sample.Gibibyte, 0) });
        _cluster.Bind(heavy, _cluster.Find("node3")!);
        _cluster.Bind(Sample.Pod("heavier", heavy.Spec), _cluster.Find("node4")!);
        var scheduler = new Scheduler(new SchedulerOptions { DefaultSpread = defaultSpread });
        foreach (var pod in Sample.Replicas("plain", 4, Sample.App("plain")))
            scheduler.Place(_cluster, pod);
        var inZoneA = _cluster.Nodes.Where(node => node.Node.Zone == "zoneA")
            .Sum(node => node.Pods.Count(pod => pod.Workload.Name == "plain"));
        Assert.Equal(atMost, inZoneA);
    }

    private static Node Node(string name, string zone) => Sample.Node(name, zone, ("zone", zone), ("node", name));

    private void Run(string app, string[] nodes, params (string Key, string Value)[] labels)
    {
        var spec = Sample.App(app);
        foreach (var (key, value) in labels)
            spec = spec with { Labels = spec.Labels.Add(key, value) };
        foreach (var (node, pod) in nodes.Zip(Sample.Replicas($"{app}-running", nodes.Length, spec)))
            _cluster.Bind(pod, _cluster.Find(node)!);
    }
}
