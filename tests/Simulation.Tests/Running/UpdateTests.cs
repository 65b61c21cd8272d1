using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Rolling updates of workloads, with and without room in their quota.</summary>
public sealed class UpdateTests
{
    private static readonly Workload Web = Workload("web", 3) with { MaxSurge = 1, MaxUnavailable = 0 };

    [Fact]
    public void A_surge_keeps_all_replicas_serving()
    {
        var run = ClusterRun.InSteadyState(Cluster(Web), NoLaunches).After(new Disruption.WorkloadUpdated("shop/web"));

        // One more at a time, each 30 s to start: nodes have the image.
        Assert.Equal([30d, 60, 90], run.Of<RunEvent.PodReady>().Select(ready => ready.Seconds));
        Assert.Equal([("shop/web", 90)], run.Of<RunEvent.WorkloadUpdateEnded>());
        Assert.Equal((3, false), (run.StatusOf(Web).LeastReady, run.StatusOf(Web).IsUpdating));
    }

    [Fact]
    public void Minimum_ready_time_counts()
    {
        var run = ClusterRun.InSteadyState(Cluster(Web with { MinReady = Seconds(20) }), NoLaunches).After(new Disruption.WorkloadUpdated("shop/web"));

        Assert.Equal([("shop/web", 150)], run.Of<RunEvent.WorkloadUpdateEnded>());
    }

    [Fact]
    public void A_quota_without_room_for_the_surge_stops_it_and_what_was_there_still_serves()
    {
        var quota = new NamespaceQuota("shop", "quota", ImmutableSortedDictionary<string, decimal>.Empty.Add("limits.cpu", 1.5m));
        var run = ClusterRun.InSteadyState(Cluster(Web) with { Quotas = [quota] }, NoLaunches).After(new Disruption.WorkloadUpdated("shop/web"));

        Assert.Equal(
            "0:00 shop/web-3: not created: quota shop/quota: limits.cpu needs 0.5, 1.5 of 1.5 is used",
            Assert.Single(run.Events.OfType<RunEvent.QuotaRefused>()).ToString());
        var status = run.StatusOf(Web);
        Assert.Equal((3, 3, true), (status.Serving, status.LeastReady, status.IsUpdating));
        Assert.Equal(WaitCause.Quota, Assert.Single(status.Pending).Cause);
        Assert.True(run.IsQuiet);
    }

    [Fact]
    public void With_one_unavailable_the_same_quota_suffices()
    {
        var web = Web with { MaxSurge = 0, MaxUnavailable = 1 };
        var quota = new NamespaceQuota("shop", "quota", ImmutableSortedDictionary<string, decimal>.Empty.Add("pods", 3));
        var run = ClusterRun.InSteadyState(Cluster(web) with { Quotas = [quota] }, NoLaunches).After(new Disruption.WorkloadUpdated("shop/web"));

        // The place in the quota is free only when the old pod has ended, 30 s later.
        Assert.Equal([("shop/web", 180)], run.Of<RunEvent.WorkloadUpdateEnded>());
        Assert.Equal(2, run.StatusOf(web).LeastReady);
    }

    [Fact]
    public void A_claim_stays_counted_when_its_pod_is_gone()
    {
        var db = Workload("db", 1, WorkloadKind.StatefulSet, Pod("db") with { Volumes = [new VolumeClaim("data", 10 * GiB, null)] });
        var quota = new NamespaceQuota(
            "shop", "quota", ImmutableSortedDictionary<string, decimal>.Empty.Add("pods", 1).Add("requests.storage", 10 * GiB));
        var run = ClusterRun.InSteadyState(Cluster(db) with { Quotas = [quota] }, NoLaunches).After(new Disruption.PodLost("shop/db-0"));

        Assert.Empty(run.Of<RunEvent.QuotaRefused>());
        Assert.Equal(1, run.StatusOf(db).Serving);
    }

    [Fact]
    public void A_stateful_set_rolls_from_the_highest_ordinal_down()
    {
        var db = Workload("db", 3, WorkloadKind.StatefulSet);
        var run = ClusterRun.InSteadyState(Cluster(db), NoLaunches).After(new Disruption.WorkloadUpdated("shop/db"));

        Assert.Equal(["shop/db-2", "shop/db-1", "shop/db-0"], run.Of<RunEvent.PodReady>().Select(ready => ready.Subject));
        Assert.Equal(2, run.StatusOf(db).LeastReady);
        Assert.Single(run.Of<RunEvent.WorkloadUpdateEnded>());
    }

    [Fact]
    public void An_update_that_cannot_be_placed_stops_there()
    {
        var tooLarge = Pod("web", 5000);
        var run = ClusterRun.InSteadyState(Cluster(Web), NoLaunches).After(new Disruption.WorkloadUpdated("shop/web", tooLarge));

        Assert.Equal((3, true), (run.StatusOf(Web).Serving, run.StatusOf(Web).IsUpdating));
        Assert.Contains("3 Insufficient cpu", Assert.Single(run.StatusOf(Web).Pending).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Daemons_are_replaced_one_at_a_time()
    {
        var agent = Workload("agent", 1, WorkloadKind.DaemonSet);
        var run = ClusterRun.InSteadyState(Cluster(agent), NoLaunches).After(new Disruption.WorkloadUpdated("shop/agent"));

        // Each node: 30 s to end, 30 s to start.
        Assert.Equal([("shop/agent", 180)], run.Of<RunEvent.WorkloadUpdateEnded>());
        Assert.Equal((2, 3), (run.StatusOf(agent).LeastReady, run.StatusOf(agent).Serving));
    }
}
