using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling.Documentation;

/// <summary>The example of https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/: three taints, two of them tolerated.</summary>
public sealed class TaintTests
{
    private readonly ClusterState _cluster = new([Sample.Node("node1", "a")]);
    private readonly Scheduler _scheduler = new(new SchedulerOptions());
    private readonly NodeState _node1;

    public TaintTests()
    {
        _node1 = _cluster.Find("node1")!;
        _cluster.Taint(_node1, new Taint("key1", "value1", TaintEffect.NoSchedule));
        _cluster.Taint(_node1, new Taint("key1", "value1", TaintEffect.NoExecute));
        _cluster.Taint(_node1, new Taint("key2", "value2", TaintEffect.NoSchedule));
    }

    [Fact]
    public void The_third_taint_keeps_the_pod_off()
    {
        var result = _scheduler.Schedule(_cluster, Tolerating("key1", "value1"));
        Assert.Equal("0/1 nodes are available: 1 node(s) had untolerated taint(s).", result.ToString());
        Assert.Equal<RefusedNodes>([new RefusedNodes(FilterReason.Taint, "node(s) had untolerated taint(s)", 1, "{key2: value2}")], result.Refusals);
    }

    [Fact]
    public void Without_the_third_taint_the_pod_runs()
    {
        _cluster.Untaint(_node1, "key2");
        Assert.Equal(_node1, _scheduler.Schedule(_cluster, Tolerating("key1", "value1")).Node);
    }

    [Fact]
    public void A_preference_against_a_node_is_no_refusal()
    {
        _cluster.Untaint(_node1, "key1");
        _cluster.Untaint(_node1, "key2");
        _cluster.Taint(_node1, new Taint("slow", "", TaintEffect.PreferNoSchedule));
        Assert.Equal(_node1, _scheduler.Schedule(_cluster, Sample.Pod("pod", Sample.App("app"))).Node);
        var node2 = _cluster.Add(Sample.Node("node2", "a"));
        _cluster.Bind(Sample.Pod("heavy", Sample.App("heavy") with { Requests = new Resources(3000, 12 * Sample.Gibibyte, 0) }), node2);
        Assert.Equal(node2, _scheduler.Schedule(_cluster, Sample.Pod("pod", Sample.App("app"))).Node);
    }

    [Fact]
    public void A_cordoned_node_takes_only_who_tolerates_that()
    {
        var node2 = _cluster.Add(Sample.Node("node2", "a"));
        _cluster.Cordon(node2, true);
        Assert.Equal(
            "0/2 nodes are available: 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.",
            _scheduler.Schedule(_cluster, Sample.Pod("pod", Sample.App("app"))).ToString());
        Assert.Equal(node2, _scheduler.Schedule(_cluster, Tolerating("node.kubernetes.io/unschedulable", "")).Node);
        _cluster.Cordon(node2, false);
        Assert.Equal(node2, _scheduler.Schedule(_cluster, Sample.Pod("pod", Sample.App("app"))).Node);
    }

    private static Pod Tolerating(string key, string value) => Sample.Pod("pod", Sample.App("app") with { Tolerations = [Sample.Tolerating(key, value)] });
}
