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

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];
}
