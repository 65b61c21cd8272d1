using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scheduling;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>How far apart replicas are when a rolling update is over.</summary>
public sealed class ReleaseTests
{
    private const string TemplateHash = "pod-template-hash";

    [Fact]
    public void Pods_of_a_release_carry_the_hash_of_their_template()
    {
        var web = Workload("web", 2) with { MaxSurge = 1, MaxUnavailable = 0 };
        var run = ClusterRun.InSteadyState(Cluster(web), NoLaunches);
        var before = Hashes(run);
        var after = Hashes(run.After(new Disruption.WorkloadUpdated("shop/web")));

        Assert.NotEqual(Assert.Single(before), Assert.Single(after));
        Assert.NotEqual(after, Hashes(run.After(new Disruption.WorkloadUpdated("shop/web"))));

        static string[] Hashes(ClusterRun run) => [.. run.State.Nodes.SelectMany(node => node.Pods).Select(pod => pod.Spec.Labels[TemplateHash]).Distinct()];
    }

    [Fact]
    public void Without_match_label_keys_a_release_may_leave_a_zone_without_replicas_and_with_them_it_never_does()
    {
        var counted = Enumerable.Range(0, 20).Select(seed => Released(Spread(3), seed)).ToList();
        Assert.Contains(counted, zones => zones is [2, 1]);
        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal([1, 1, 1], Released(Spread(3, TemplateHash), seed)));
    }

    [Theory]
    [InlineData(3, 1, 0, 2)]
    [InlineData(3, 0, 1, 1)]
    [InlineData(3, 0, 3, 1)]
    [InlineData(2, 1, 0, 1)]
    public void The_worst_release_is_known(int replicas, int surge, int unavailable, int atWorst)
    {
        var web = Spread(replicas) with { MaxSurge = surge, MaxUnavailable = unavailable };
        Assert.Equal(atWorst, AtWorst(web));
        Assert.Equal(Separation.Of(web, Labels.Zone, 3).AtWorst, AtWorst(Spread(replicas, TemplateHash) with { MaxSurge = surge, MaxUnavailable = unavailable }));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void No_release_that_is_played_is_worse_than_the_worst(int replicas, int surge, int unavailable, int maxSkew, bool tellsRevisionsApart)
    {
        var web = Spread(replicas, tellsRevisionsApart ? TemplateHash : null, maxSkew) with { MaxSurge = surge, MaxUnavailable = unavailable };
        for (var seed = 0; seed < 6; seed++)
            Assert.InRange(Released(web, seed)[0], 1, AtWorst(web));
    }

    [Fact]
    public void Where_every_order_is_too_many_the_bound_is_never_below_that_of_pods_that_come_at_once()
    {
        var many = Spread(60) with { MaxSurge = 15 };
        Assert.Equal(21, AtWorst(many));
        Assert.Equal(20, Separation.Of(many, Labels.Zone, 3).AtWorst);
    }

    [Fact]
    public void Anti_affinity_between_revisions_is_that_of_the_pods_own_hash()
    {
        // Each revision keeps to itself on its node, and old pods do not stand in its way: three nodes take three old and one new one.
        var term = new PodAffinityTerm(LabelSelector.Of(Labels.Of(("app", "web"))), Labels.Host, []) { MatchLabelKeys = [TemplateHash] };
        var web = Workload("web", 3, pod: Pod("web") with { Affinity = new Affinity { Apart = [term] } }) with { MaxSurge = 1, MaxUnavailable = 0 };
        Assert.Single(ClusterRun.InSteadyState(Cluster(web), NoLaunches).After(new Disruption.WorkloadUpdated("shop/web")).Of<RunEvent.WorkloadUpdateEnded>());

        var blind = web with { Pods = web.Pods with { Affinity = new Affinity { Apart = [term with { MatchLabelKeys = [] }] } } };
        Assert.Empty(ClusterRun.InSteadyState(Cluster(blind), NoLaunches).After(new Disruption.WorkloadUpdated("shop/web")).Of<RunEvent.WorkloadUpdateEnded>());
    }

    public static TheoryData<int, int, int, int, bool> Releases => new MatrixTheoryData(
        from replicas in new[] { 2, 3, 4, 5, 7, 10 }
        from step in new[] { (1, 0), (0, 1), (1, 1), (3, 0), (2, 2) }
        from maxSkew in new[] { 1, 2 }
        from isApart in new[] { false, true }
        where step.Item2 < replicas
        select (replicas, step.Item1, step.Item2, maxSkew, isApart));

    private static int AtWorst(Workload workload) => ReleaseSeparation.AtWorst(workload, Labels.Zone, 3, Separation.Of(workload, Labels.Zone, 3));

    private static Workload Spread(int replicas, string? key = null, int maxSkew = 1)
    {
        var rule = new TopologySpread
        {
            TopologyKey = Labels.Zone,
            MaxSkew = maxSkew,
            IsRequired = true,
            Selector = LabelSelector.Of(Labels.Of(("app", "web"))),
            MatchLabelKeys = key is null ? [] : [key],
        };
        return Workload("web", replicas, pod: Pod("web") with { Spread = [rule] }) with { MaxSurge = 1, MaxUnavailable = 0 };
    }

    /// <summary>Replicas by zone after an update, the fullest zone first; zones without any are left out.</summary>
    private static int[] Released(Workload web, int seed)
    {
        Node[] nodes = [.. Enumerable.Range(0, 6).Select(number => Node($"n{number}", "abc"[number % 3].ToString()))];
        var run = ClusterRun.InSteadyState(Cluster(nodes, web), new RunOptions { CanLaunch = false, Seed = seed }).After(new Disruption.WorkloadUpdated("shop/web"));
        Assert.Single(run.Of<RunEvent.WorkloadUpdateEnded>());
        return [.. run.State.Nodes.SelectMany(node => node.Pods, (node, _) => node.Node.Zone).CountBy(zone => zone).Select(zone => zone.Value).OrderDescending()];
    }

    private sealed class MatrixTheoryData : TheoryData<int, int, int, int, bool>
    {
        public MatrixTheoryData(IEnumerable<(int, int, int, int, bool)> rows)
        {
            foreach (var (replicas, surge, unavailable, maxSkew, isApart) in rows)
                Add(replicas, surge, unavailable, maxSkew, isApart);
        }
    }
}
