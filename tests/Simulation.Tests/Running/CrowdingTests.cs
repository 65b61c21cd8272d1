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
        var run = ClusterRun.InSteadyState(Cluster(nodes, [daemon, .. workloads]), new RunOptions { CanLaunch = false, Seed = seed })
            .After(new Disruption.ZoneLost("a"));

        Assert.Equal(6, run.State.Nodes.Count);
        Assert.All(run.State.Nodes, node => Assert.True(node.Requested.FitsInto(node.Node.Allocatable), $"{node} is over its capacity"));
    }

    [Fact]
    public void What_a_pod_was_promised_is_not_taken_by_lesser_ones_while_it_waits()
    {
        // Three of the lesser ones leave 1300m: too little for the important one, enough for the replacement of the one that it preempts.
        var inZoneA = new NodeAffinityTerm([new LabelRequirement(Labels.Zone, LabelOperator.In, ["a"])], []);
        var important = Workload("important", 1, pod: Pod("important", 2100) with
        {
            Priority = 100,
            Affinity = new Affinity { PreferredNodes = [new PreferredNodes(100, inZoneA)] },
        });
        var lesser = Workload("lesser", 3, pod: Pod("lesser", 900) with { NodeSelector = Labels.Of((Labels.Zone, "b")) });
        var run = ClusterRun.InSteadyState(Cluster([Node("n1", "a"), Node("n2", "b")], important, lesser), NoLaunches).After(new Disruption.NodeDrained("n1"));

        Assert.True(run.IsQuiet);
        Assert.Equal("n2", run.NodeOf("shop/important-0"));
        Assert.Single(run.Of<RunEvent.PodsPreempted>());
        Assert.Equal((2, 1), (run.StatusOf(lesser).Ready, run.StatusOf(lesser).Pending.Length));
    }

    [Fact]
    public void What_was_promised_and_not_taken_is_for_those_that_were_refused_it()
    {
        // Drained from "big", the meek one asks first and pushes nobody; the bold one is promised n2, and goes to n1 when that is free, too.
        var meek = Workload("meek", 1, pod: Pod("meek", 2500) with { Priority = 100, Preempts = false, Affinity = On((100, "big")), NodeSelector = Labels.Of(("open", "yes")) });
        var bold = Workload("bold", 1, pod: Pod("bold", 2100) with { Priority = 100, Affinity = On((100, "big"), (50, "n1")) });
        var guard = Workload("guard", 1, WorkloadKind.Pod, Pod("guard", 4000) with { Priority = 200, NodeSelector = Labels.Of((Labels.Host, "n1")) });
        var victim = Workload("victim", 1, WorkloadKind.Pod, Pod("victim", 4000) with { GracePeriod = Seconds(60), NodeSelector = Labels.Of((Labels.Host, "n2")) });
        var big = Open(Node("big", "a")) with { Allocatable = new Resources(8000, 16 * GiB, 100 * GiB) };
        var run = ClusterRun.InSteadyState(Cluster([big, Node("n1", "a"), Open(Node("n2", "a"))], meek, bold, guard, victim), NoLaunches);

        run.Apply(new Disruption.NodeDrained("big"));
        run.RunUntilQuiet(Seconds(30));
        run.Apply(new Disruption.PodLost("shop/guard"));
        run.RunUntilQuiet(TimeSpan.FromHours(1));

        Assert.Equal(("n1", "n2"), (run.NodeOf("shop/bold-0"), run.NodeOf("shop/meek-0")));

        static Node Open(Node node) => node with { Labels = node.Labels.Add("open", "yes") };

        static Affinity On(params (int Weight, string Node)[] preferred) => new()
        {
            PreferredNodes = [.. preferred.Select(one => new PreferredNodes(one.Weight, new NodeAffinityTerm([new LabelRequirement(Labels.Host, LabelOperator.In, [one.Node])], [])))],
        };
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];
}
