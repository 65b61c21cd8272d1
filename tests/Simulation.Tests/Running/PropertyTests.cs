using FsCheck.Xunit;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Controllers;
using HaCluster.Simulation.Running.State;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>What holds for every cluster and whatever happens to it.</summary>
public sealed class PropertyTests
{
    [Property(MaxTest = 60, Arbitrary = [typeof(DisruptedClusters)])]
    public void No_node_is_ever_over_capacity(DisruptedCluster cluster) => Play(cluster, (model, run) =>
    {
        foreach (var node in run.Cluster.Nodes)
        {
            Assert.True(node.Requested.FitsInto(node.Node.Allocatable), $"{node} at {run.Now}: {node.Requested} of {node.Node.Allocatable}");
            Assert.Equal(node.Requested, node.Pods.Aggregate(Resources.None, (sum, pod) => sum + pod.Spec.Requests));
        }
    });

    [Property(MaxTest = 60, Arbitrary = [typeof(DisruptedClusters)])]
    public void No_eviction_breaks_a_budget(DisruptedCluster cluster)
    {
        var drains = cluster with { Disruptions = [.. cluster.Disruptions.Where(one => one is Disruption.NodeDrained or Disruption.GroupUpdated)] };
        var rest = SteadyState.Of(cluster.Model, cluster.Options);
        // A budget of more than ever ran is broken before anything happens.
        var atRest = rest.Budgets.Budgets.Select((_, budget) => Evictions.HealthOf(rest, budget).Healthy).ToArray();
        Play(drains, (_, run) =>
        {
            for (var budget = 0; budget < run.Budgets.Budgets.Length; budget++)
            {
                // The daemons of new nodes are missing without any eviction.
                if (run.Budgets.WorkloadsOf(budget).Any(workload => run.Workloads[workload].Workload.Kind == WorkloadKind.DaemonSet))
                    continue;
                var (healthy, needed) = Evictions.HealthOf(run, budget);
                Assert.True(
                    healthy >= Math.Min(needed, atRest[budget]) || run.Events.Any(happened => happened is RunEvent.PodsPreempted or RunEvent.PodLost),
                    $"{run.Budgets.Budgets[budget]} at {run.Now}: {string.Join('\n', run.Events)}");
            }
        });
    }

    [Property(MaxTest = 60, Arbitrary = [typeof(DisruptedClusters)])]
    public void The_same_seed_gives_the_same_events_also_in_a_copy(DisruptedCluster cluster)
    {
        var first = ClusterRun.InSteadyState(cluster.Model, cluster.Options);
        var copy = first.Fork();
        var again = ClusterRun.InSteadyState(cluster.Model, cluster.Options).Fork();
        foreach (var run in new[] { first, copy, again })
        {
            foreach (var disruption in cluster.Disruptions)
                Try(() => run.Apply(disruption), run, Seconds(90));
        }

        Assert.Equal(copy.Events, again.Events);
        Assert.Equal(first.Events, copy.Events);
        Assert.Equal(Fates(first, cluster), Fates(copy, cluster));
    }

    [Property(MaxTest = 60, Arbitrary = [typeof(DisruptedClusters)])]
    public void A_copy_made_on_the_way_and_its_original_go_on_apart(DisruptedCluster cluster)
    {
        var through = ClusterRun.InSteadyState(cluster.Model, cluster.Options);
        var original = ClusterRun.InSteadyState(cluster.Model, cluster.Options);
        var copies = new List<ClusterRun>();
        foreach (var disruption in cluster.Disruptions)
        {
            copies.Add(original.Fork());
            foreach (var run in copies.Append(original).Append(through))
                Try(() => run.Apply(disruption), run, Seconds(90));
        }

        foreach (var run in copies.Append(original))
        {
            Assert.Equal(through.Events, run.Events);
            Assert.Equal(Fates(through, cluster), Fates(run, cluster));
        }
    }

    [Property(MaxTest = 60, Arbitrary = [typeof(DisruptedClusters)])]
    public void What_was_whole_and_had_no_part_in_it_fares_as_before(DisruptedCluster cluster)
    {
        var rest = ClusterRun.InSteadyState(cluster.Model, cluster.Options);
        var run = rest.Fork();
        foreach (var disruption in cluster.Disruptions)
            Try(() => run.Apply(disruption), run, Seconds(90));

        for (var index = 0; index < cluster.Model.Workloads.Length; index++)
        {
            var workload = cluster.Model.Workloads[index];
            if (run.MayHaveChanged(index) || rest.StatusOf(workload).RestoredAt is null)
                continue;
            Assert.Equal(Fate(rest, workload), Fate(run, workload));
        }
    }

    private static IEnumerable<string> Fates(ClusterRun run, DisruptedCluster cluster) => cluster.Model.Workloads.Select(workload => Fate(run, workload));

    private static string Fate(ClusterRun run, Workload workload)
    {
        var status = run.StatusOf(workload);
        return $"{status with { Pending = [] }} {string.Join("; ", status.Pending)}";
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(DisruptedClusters)])]
    public void A_run_ends(DisruptedCluster cluster)
    {
        var run = ClusterRun.InSteadyState(cluster.Model, cluster.Options);
        foreach (var disruption in cluster.Disruptions)
            Try(() => run.Apply(disruption), run, Seconds(45));
        run.RunUntilQuiet(TimeSpan.FromDays(2));

        Assert.True(run.IsQuiet, string.Join('\n', run.Events.TakeLast(20)));
    }

    [Property(MaxTest = 60, Arbitrary = [typeof(DisruptedClusters)])]
    public void Replicas_are_ready_or_said_to_wait(DisruptedCluster cluster)
    {
        var run = ClusterRun.InSteadyState(cluster.Model, cluster.Options);
        foreach (var disruption in cluster.Disruptions)
            Try(() => run.Apply(disruption), run, Seconds(45));
        run.RunUntilQuiet(TimeSpan.FromDays(2));

        foreach (var workload in cluster.Model.Workloads)
        {
            var status = run.StatusOf(workload);
            Assert.True(status.Ready + status.Pending.Length >= status.Desired, $"{workload}: {status}");
            Assert.Equal(status.Serving >= status.Desired, status.RestoredAt is not null);
            Assert.InRange(status.LeastReady, 0, status.Serving);
        }
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(DisruptedClusters)])]
    public void No_pod_is_left_waiting_that_a_node_would_take(DisruptedCluster cluster)
    {
        var run = Play(cluster, (_, _) => { });
        RunLoop.Run(run, TimeSpan.FromDays(2));

        foreach (var pod in run.Waiting)
            Assert.DoesNotContain(run.Cluster.Nodes, node => run.Scheduler.Fits(run.Cluster, pod, node));
    }

    /// <summary>Plays the disruptions 45 s apart and looks every 5 s of the next two hours.</summary>
    private static RunState Play(DisruptedCluster cluster, Action<ClusterModel, RunState> look)
    {
        var run = SteadyState.Of(cluster.Model, cluster.Options);
        foreach (var disruption in cluster.Disruptions)
        {
            Endpoints.Begin(run);
            try
            {
                Disruptions.Apply(run, disruption);
            }
            catch (ArgumentException)
            {
                // It names what an earlier one took away.
            }

            RunLoop.Settle(run);
            look(cluster.Model, run);
            RunLoop.Run(run, run.Now + Seconds(45));
            look(cluster.Model, run);
        }

        while (run.Agenda.NextAt is { } next && next < TimeSpan.FromHours(2))
        {
            RunLoop.Run(run, next + Seconds(5));
            look(cluster.Model, run);
        }

        return run;
    }

    private static void Try(Action apply, ClusterRun run, TimeSpan then)
    {
        try
        {
            apply();
        }
        catch (ArgumentException)
        {
            // It names what an earlier one took away.
        }

        run.RunUntilQuiet(then);
    }
}
