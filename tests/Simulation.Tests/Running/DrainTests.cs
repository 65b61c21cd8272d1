using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Drains under budgets, as https://kubernetes.io/docs/tasks/run-application/configure-pdb/ describes them.</summary>
public sealed class DrainTests
{
    [Fact]
    public void A_budget_that_allows_nothing_holds_a_drain_up_until_it_is_given_up()
    {
        var web = Workload("web", 3);
        var run = ClusterRun.InSteadyState(Cluster(web) with { Budgets = [Budget("web", minAvailable: 3)] }, NoLaunches)
            .After(new Disruption.NodeDrained("a", TimeSpan.FromMinutes(5)));

        var refused = Assert.Single(run.Events.OfType<RunEvent.EvictionRefused>());
        Assert.Equal($"0:00 {refused.Subject}: eviction from a refused: budget shop/web needs 3 healthy pods and has 3", refused.ToString());
        Assert.Equal($"5:00 a: drain gave up, pods left: {refused.Subject}", Assert.Single(run.Events.OfType<RunEvent.DrainEnded>()).ToString());
        Assert.Equal(3, run.StatusOf(web).LeastReady);
    }

    [Fact]
    public void Without_a_limit_it_waits_and_the_run_is_quiet()
    {
        var run = ClusterRun.InSteadyState(Cluster(Workload("web", 3)) with { Budgets = [Budget("web", minAvailable: 3)] }, NoLaunches)
            .After(new Disruption.NodeDrained("a"));

        Assert.True(run.IsQuiet);
        Assert.Empty(run.Of<RunEvent.DrainEnded>());
    }

    [Fact]
    public void Two_budgets_for_one_pod_are_refused()
    {
        var run = ClusterRun.InSteadyState(
            Cluster(Workload("web", 3)) with { Budgets = [Budget("web", maxUnavailable: 1), Budget("web", minAvailable: 1) with { Name = "other" }] }, NoLaunches)
            .After(new Disruption.NodeDrained("a"));

        Assert.Contains("2 disruption budgets cover it", Assert.Single(run.Events.OfType<RunEvent.EvictionRefused>()).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stateful_set_leaves_one_by_one()
    {
        var db = Workload("db", 3, WorkloadKind.StatefulSet);
        var model = Cluster([Node("a", "a"), Node("b", "b") with { IsUnschedulable = true }], db) with { Budgets = [Budget("db", maxUnavailable: 1)] };
        var run = ClusterRun.InSteadyState(model, NoLaunches);
        run.State.Cordon(run.State.Find("b")!, false);
        run.After(new Disruption.NodeDrained("a"));

        // 30 s to end, 30 s to start, and 15 s for the image the first time; refused evictions are tried again every 5 s.
        Assert.Equal([("shop/db-0", 0), ("shop/db-1", 80), ("shop/db-2", 145)], run.Of<RunEvent.PodEvicted>());
        Assert.Equal([("shop/db-0", 75), ("shop/db-1", 140), ("shop/db-2", 205)], run.Of<RunEvent.PodReady>());
        Assert.Equal([("a", 175)], run.Of<RunEvent.DrainEnded>());
        Assert.Equal(2, run.StatusOf(db).LeastReady);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_pod_that_is_not_healthy_is_evicted_if_the_budget_says_always(bool always, bool isEvicted)
    {
        // Of two pods one starts forever long, so the budget of two is not met.
        var web = Workload("web", 2, pod: Pod("web") with { StartsWithin = TimeSpan.FromHours(5) });
        var model = Cluster([Node("a", "a"), Node("b", "b")], web) with { Budgets = [Budget("web", minAvailable: 2, alwaysEvictsUnhealthy: always)] };
        var run = ClusterRun.InSteadyState(model, NoLaunches);
        run.Apply(new Disruption.PodLost("shop/web-0"));
        var node = run.NodeOf("shop/web-0");
        run.After(new Disruption.NodeDrained(node));

        Assert.Equal(isEvicted, run.Events.OfType<RunEvent.PodEvicted>().Any(evicted => evicted.Subject == "shop/web-0"));
    }

    [Fact]
    public void Daemons_stay_and_a_deployment_is_replaced_while_its_pod_still_ends()
    {
        var (web, agent) = (Workload("web", 1), Workload("agent", 1, WorkloadKind.DaemonSet));
        var run = ClusterRun.InSteadyState(Cluster(web, agent), NoLaunches);
        run.After(new Disruption.NodeDrained(run.NodeOf("shop/web-0")));

        Assert.Equal([("shop/web-0", 45)], run.Of<RunEvent.PodReady>());
        Assert.Equal(30, Assert.Single(run.Of<RunEvent.DrainEnded>()).Seconds);
        Assert.Equal(Seconds(45), run.StatusOf(web).BelowMinServing);
        Assert.Equal(3, run.StatusOf(agent).Ready);
    }
}
