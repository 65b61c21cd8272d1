using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Clusters that are too full: pods push each other off, promises come to nothing, and the run still ends in order.</summary>
public sealed class CrowdingTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_node_holds_more_than_it_has_when_a_zone_of_a_full_cluster_is_lost(int seed)
    {
        var random = new Random(seed);
        Node[] nodes = [.. Enumerable.Range(0, 9).Select(number => Node($"n{number}", "abc"[number % 3].ToString()))];
        var workloads = Enumerable.Range(0, 14).Select(number => Workload(
            $"w{number}", random.Next(1, 7), pod: Pod($"w{number}", random.Next(2, 16) * 100) with { Priority = random.Next(0, 4) * 100 })).ToArray();
        var daemon = Workload("daemon", 1, WorkloadKind.DaemonSet, Pod("daemon", 300) with { Priority = 250 });
        var run = ClusterRun.AtRest(Cluster(nodes, [daemon, .. workloads]), new RunOptions { CanLaunch = false, Seed = seed })
            .After(new Disruption.ZoneLost("a"));

        Assert.Equal(6, run.State.Nodes.Count);
        Assert.All(run.State.Nodes, node => Assert.True(node.Requested.FitsInto(node.Node.Allocatable), $"{node} is over its capacity"));
    }

    [Fact]
    public void What_a_pod_was_promised_is_not_taken_by_lesser_ones_while_it_waits()
    {
        // Three of the lesser ones leave 1300m: too little for the important one, enough for the replacement of the one that it pushes off.
        var inZoneA = new NodeAffinityTerm([new LabelRequirement(Labels.Zone, LabelOperator.In, ["a"])], []);
        var important = Workload("important", 1, pod: Pod("important", 2100) with
        {
            Priority = 100,
            Affinity = new Affinity { PreferredNodes = [new PreferredNodes(100, inZoneA)] },
        });
        var lesser = Workload("lesser", 3, pod: Pod("lesser", 900) with { NodeSelector = Labels.Of((Labels.Zone, "b")) });
        var run = ClusterRun.AtRest(Cluster([Node("n1", "a"), Node("n2", "b")], important, lesser), NoLaunches).After(new Disruption.NodeDrained("n1"));

        Assert.True(run.IsQuiet);
        Assert.Equal("n2", run.NodeOf("shop/important-0"));
        Assert.Single(run.Of<RunEvent.PodsPreempted>());
        Assert.Equal((2, 1), (run.StatusOf(lesser).Ready, run.StatusOf(lesser).Pending.Length));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];
}
