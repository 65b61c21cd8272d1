using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>What people change while a run goes on.</summary>
public sealed class ChangeTests
{
    private static readonly Workload Web = Workload("web", 3) with { MaxSurge = 1, MaxUnavailable = 0 };

    [Fact]
    public void A_workload_is_added_scaled_and_deleted()
    {
        var run = ClusterRun.InSteadyState(Cluster(), NoLaunches);
        run.Apply(new Change.WorkloadApplied(Web));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal(3, run.StatusOf(Web).Serving);

        run.Apply(new Change.WorkloadApplied(Web with { Replicas = 5 }));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal((5, 5), (run.StatusOf(Web).Serving, run.Model.Workloads.Single().Replicas));

        run.Apply(new Change.WorkloadDeleted("Deployment", "shop/web"));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Empty(run.PodsOf(Web));
        Assert.Empty(run.Model.Workloads);
        Assert.All(run.State.Nodes, node => Assert.Equal(0, node.PodCount));
    }

    [Fact]
    public void A_template_during_an_update_supersedes_it()
    {
        var run = ClusterRun.InSteadyState(Cluster(Web), NoLaunches);
        run.Apply(new Change.WorkloadApplied(Web with { Pods = Pod("web") with { StartsWithin = PodSpec.NeverStarts } }));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal((3, 4), (run.StatusOf(Web).Serving, run.PodsOf(Web).Length));

        run.Apply(new Change.WorkloadApplied(Web with { Pods = Pod("web") }));
        run.RunUntilQuiet(TimeSpan.FromMinutes(10));
        Assert.Equal((3, 3, false), (run.StatusOf(Web).Serving, run.PodsOf(Web).Length, run.IsUpdating(Web)));
        Assert.Equal([0, 0, 3], run.RevisionsOf(Web).Select(revision => revision.Target));
    }

    [Fact]
    public void The_template_from_before_goes_back_to_its_replica_set_without_new_pods()
    {
        var run = ClusterRun.InSteadyState(Cluster(Web), NoLaunches);
        var before = run.PodsOf(Web).Select(pod => pod.Pod).ToArray();
        run.Apply(new Change.WorkloadApplied(Web with { Pods = Pod("web") with { StartsWithin = PodSpec.NeverStarts } }));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        run.Apply(new Change.WorkloadApplied(Web));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));

        Assert.Equal(before, run.PodsOf(Web).Select(pod => pod.Pod));
        Assert.Equal(3, run.StatusOf(Web).LeastReady);
    }

    [Fact]
    public void A_deployment_scaled_during_an_update_grows_in_proportion()
    {
        var run = ClusterRun.InSteadyState(Cluster(Web with { Replicas = 4 }), NoLaunches);
        var next = Pod("web") with { StartsWithin = PodSpec.NeverStarts };
        run.Apply(new Change.WorkloadApplied(Web with { Replicas = 4, Pods = next }));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal([4, 1], run.RevisionsOf(Web).Select(revision => revision.Target));

        run.Apply(new Change.WorkloadApplied(Web with { Replicas = 8, Pods = next }));
        Assert.Equal(9, run.RevisionsOf(Web).Sum(revision => revision.Target));
        Assert.True(run.RevisionsOf(Web)[0].Target >= 7);
    }

    [Fact]
    public void A_stateful_set_shrinks_from_the_highest_ordinal_one_at_a_time()
    {
        var db = Workload("db", 3, WorkloadKind.StatefulSet);
        var run = ClusterRun.InSteadyState(Cluster(db), NoLaunches);
        run.Apply(new Change.WorkloadApplied(db with { Replicas = 1 }));

        Assert.Equal([false, false, true], run.PodsOf(db).OrderBy(pod => pod.Pod.Ordinal).Select(pod => pod.IsTerminating));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal("shop/db-0", Assert.Single(run.PodsOf(db)).Pod.ToString());
    }

    [Fact]
    public void A_cordoned_node_takes_no_new_pods_until_it_is_uncordoned()
    {
        var run = ClusterRun.InSteadyState(Cluster([Node("a", "a")], Web), NoLaunches);
        run.Apply(new Change.NodeCordoned("a", true));
        run.Apply(new Change.WorkloadApplied(Web with { Replicas = 4 }));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal(3, run.StatusOf(Web).Serving);

        run.Apply(new Change.NodeCordoned("a", false));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal(4, run.StatusOf(Web).Serving);
    }

    [Fact]
    public void A_taint_moves_pods_that_do_not_tolerate_it_and_keeps_daemons_that_do()
    {
        var agent = Workload("agent", 1, WorkloadKind.DaemonSet, Pod("agent") with { Tolerations = [new Toleration(null, true, "", null)] });
        var run = ClusterRun.InSteadyState(Cluster(Web, agent), NoLaunches);
        run.Apply(new Change.NodeLabelled("a", run.State.Find("a")!.Node.Labels, [new Taint("maintenance", "", TaintEffect.NoExecute)]));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));

        Assert.DoesNotContain(run.PodsOf(Web), pod => pod.Node == "a");
        Assert.Equal(3, run.StatusOf(Web).Serving);
        Assert.Contains(run.PodsOf(agent), pod => pod.Node == "a");
    }

    [Fact]
    public void A_new_label_makes_a_node_eligible()
    {
        var picky = Workload("picky", 1, pod: Pod("picky") with { NodeSelector = Labels.Of(("disk", "fast")) });
        var run = ClusterRun.InSteadyState(Cluster(picky), NoLaunches);
        Assert.Equal(0, run.StatusOf(picky).Serving);

        run.Apply(new Change.NodeLabelled("b", run.State.Find("b")!.Node.Labels.SetItem("disk", "fast"), []));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal("b", Assert.Single(run.PodsOf(picky)).Node);
    }

    [Fact]
    public void An_eviction_is_refused_in_the_words_of_its_budget()
    {
        var run = ClusterRun.InSteadyState(Cluster(Web) with { Budgets = [Budget("web", minAvailable: 3)] }, NoLaunches);
        Assert.Equal("budget shop/web needs 3 healthy pods and has 3", run.Evict("shop/web-0"));

        run.Apply(new Change.RulesApplied { Budgets = [Budget("web", minAvailable: 2)] });
        Assert.Null(run.Evict("shop/web-0"));
    }

    [Fact]
    public void A_higher_quota_lets_refused_pods_in()
    {
        NamespaceQuota Quota(int pods) => new("shop", "quota", ImmutableSortedDictionary<string, decimal>.Empty.Add("pods", pods));
        var run = ClusterRun.InSteadyState(Cluster(Web) with { Quotas = [Quota(3)] }, NoLaunches);
        run.Apply(new Change.WorkloadApplied(Web with { Replicas = 5 }));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal(3, run.StatusOf(Web).Serving);

        run.Apply(new Change.RulesApplied { Quotas = [Quota(5)] });
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));
        Assert.Equal(5, run.StatusOf(Web).Serving);
    }

    [Fact]
    public void A_zonal_shift_that_ends_leaves_only_what_others_have_cordoned()
    {
        var run = ClusterRun.InSteadyState(Cluster([Node("a1", "a"), Node("a2", "a"), Node("b", "b")]), NoLaunches);
        run.Apply(new Change.NodeCordoned("a1", true));
        run.Apply(new Disruption.ZoneShifted("a"));
        Assert.Equal(["a1", "a2"], run.State.Nodes.Where(node => node.IsUnschedulable).Select(node => node.Node.Name));

        run.Apply(new Change.ZoneShiftEnded("a"));
        Assert.Equal(["a1"], run.State.Nodes.Where(node => node.IsUnschedulable).Select(node => node.Node.Name));
    }

    [Fact]
    public void A_deleted_claim_is_created_again_where_the_next_pod_goes()
    {
        var db = Workload("db", 1, WorkloadKind.StatefulSet, Pod("db") with { Volumes = [new VolumeClaim("data", 10 * GiB, null)] });
        var run = ClusterRun.InSteadyState(Cluster(db), NoLaunches);
        var zone = Assert.Single(run.PodsOf(db)).Zone;
        run.Apply(new Change.NodeCordoned(zone, true));
        run.Apply(new Change.ClaimDeleted("shop", "data-db-0"));
        run.Apply(new Change.PodDeleted("shop/db-0"));
        run.RunUntilQuiet(TimeSpan.FromMinutes(5));

        Assert.NotEqual(zone, Assert.Single(run.PodsOf(db)).Zone);
        Assert.Equal(1, run.StatusOf(db).Serving);
    }

    [Fact]
    public void Changes_of_a_copy_do_not_reach_its_original()
    {
        var run = ClusterRun.InSteadyState(Cluster(Web), NoLaunches);
        var copy = run.Fork();
        copy.Apply(new Change.WorkloadApplied(Workload("other", 2)));
        copy.Apply(new Change.WorkloadApplied(Web with { Replicas = 1 }));
        copy.RunUntilQuiet(TimeSpan.FromMinutes(5));

        Assert.Equal((3, 1), (run.StatusOf(Web).Serving, copy.StatusOf(Web).Serving));
        Assert.Single(run.Model.Workloads);
        Assert.Equal(2, copy.Model.Workloads.Length);
    }
}
