using static HaCluster.Twin.Tests.World.SteppedWorld;

namespace HaCluster.Twin.Tests.World;

/// <summary>Jobs that run to their end, and CronJobs that make them. A stepped world begins at midnight of New Year 2026, UTC.</summary>
public sealed class JobTests
{
    private const string Minutely = "* * * * *";

    [Fact]
    public void A_job_is_complete_when_its_pod_has_run_and_frees_its_node()
    {
        var world = Small(Manifest.Quota("limits", 1));
        world.Apply(Manifest.Job("report"));
        world.Pass(1);
        Assert.Equal((1, null), (world.Get("jobs.batch", "shop", "report").Number("status", "active"), world.Get("jobs.batch", "shop", "report").Number("status", "succeeded")));

        world.Pass(90);
        var job = world.Get("jobs.batch", "shop", "report");
        Assert.Equal(("True", 1, null), (Condition(job, "Complete"), job.Number("status", "succeeded"), job.Number("status", "active")));
        Assert.NotNull(job.Text("status", "completionTime"));
        var pod = Assert.Single(world.Pods("shop", "report"));
        Assert.Equal(("Succeeded", "False"), (pod.Text("status", "phase"), Condition(pod, "Ready")));
        Assert.Equal("Completed", pod.Find("status", "containerStatuses")!.Value[0].GetProperty("state").GetProperty("terminated").GetProperty("reason").GetString());
        // The quota of one pod has room again.
        world.Apply(Manifest.Job("another"));
        world.Pass(90);
        Assert.Equal("True", Condition(world.Get("jobs.batch", "shop", "another"), "Complete"));

        world.Store.Delete(world.Store.Kinds["jobs.batch"], "shop", "report");
        world.Pass(1);
        Assert.Empty(world.Pods("shop", "report"));
    }

    [Fact]
    public void A_job_runs_as_many_pods_at_once_as_it_says_until_enough_succeeded()
    {
        var world = Small();
        world.Apply(Manifest.Job("batch", "\"completions\": 5, \"parallelism\": 2,"));
        var most = 0L;
        for (var second = 0; second < 300; second++)
        {
            world.Pass(1);
            most = Math.Max(most, world.Get("jobs.batch", "shop", "batch").Number("status", "active") ?? 0);
        }

        Assert.Equal(2, most);
        Assert.Equal((5, "True"), (world.Get("jobs.batch", "shop", "batch").Number("status", "succeeded"), Condition(world.Get("jobs.batch", "shop", "batch"), "Complete")));
        Assert.Equal(5, world.Pods("shop", "batch").Count(pod => pod.Text("status", "phase") == "Succeeded"));
    }

    [Fact]
    public void A_job_whose_pods_fail_tries_again_and_fails_at_its_limit()
    {
        var world = Small();
        world.Apply(Manifest.Job("broken", "\"backoffLimit\": 1,", "report:always-fails"));
        world.Pass(300);

        var job = world.Get("jobs.batch", "shop", "broken");
        Assert.Equal(("True", 2), (Condition(job, "Failed"), job.Number("status", "failed")));
        Assert.Equal("BackoffLimitExceeded", job.Find("status", "conditions")!.Value.EnumerateArray().Last().GetProperty("reason").GetString());
        Assert.All(world.Pods("shop", "broken"), pod => Assert.Equal("Failed", pod.Text("status", "phase")));
    }

    [Fact]
    public void A_job_over_its_deadline_fails_and_a_finished_one_is_removed_after_its_time()
    {
        var world = Small();
        world.Apply(Manifest.Job("slow", "\"activeDeadlineSeconds\": 100,", "report:never-ready"));
        world.Apply(Manifest.Job("brief", "\"ttlSecondsAfterFinished\": 60,"));
        world.Pass(80);
        Assert.Equal("True", Condition(world.Get("jobs.batch", "shop", "brief"), "Complete"));
        world.Pass(100);

        Assert.Equal("True", Condition(world.Get("jobs.batch", "shop", "slow"), "Failed"));
        Assert.DoesNotContain(world.Pods("shop", "slow"), pod => !pod.IsDeleting);
        Assert.Equal(["slow"], world.All("jobs.batch", "shop").Select(job => job.Name));
    }

    [Fact]
    public void A_suspended_job_waits()
    {
        var world = Small();
        world.Apply(Manifest.Job("later", "\"suspend\": true,"));
        world.Pass(100);
        Assert.Empty(world.Pods("shop"));
        Assert.Equal("True", Condition(world.Get("jobs.batch", "shop", "later"), "Suspended"));

        world.Change("jobs.batch", "shop", "later", job => job["spec"]!["suspend"] = false);
        world.Pass(100);
        Assert.Equal("True", Condition(world.Get("jobs.batch", "shop", "later"), "Complete"));
    }

    [Fact]
    public void The_pod_of_a_job_that_is_lost_with_its_node_is_replaced()
    {
        var world = Small();
        world.Apply(Manifest.Job("report"));
        world.Pass(2);
        var node = NodeOf(Assert.Single(world.Pods("shop", "report")));
        world.World.Act(run =>
        {
            run.Apply(new HaCluster.Simulation.Running.Disruption.NodesLost([node], HaCluster.Simulation.Running.LostInstances.Terminated));
            return 0;
        });
        world.Pass(600);

        Assert.Equal((1, "True"), (world.Get("jobs.batch", "shop", "report").Number("status", "succeeded"), Condition(world.Get("jobs.batch", "shop", "report"), "Complete")));
        Assert.NotEqual(node, NodeOf(world.Pods("shop", "report").Single(pod => pod.Text("status", "phase") == "Succeeded")));
    }

    [Fact]
    public void A_cron_job_makes_jobs_when_they_are_due_and_keeps_the_last_three()
    {
        var world = Small();
        world.Apply(Manifest.CronJob("report", Minutely));
        world.Pass(59);
        Assert.Empty(world.All("jobs.batch", "shop"));
        world.Pass(2);
        var job = Assert.Single(world.All("jobs.batch", "shop"));
        var cron = world.Get("cronjobs.batch", "shop", "report");
        Assert.Equal(cron.Uid, Assert.Single(job.Owners).Uid);
        Assert.Equal(("2026-01-01T00:01:00Z", job.Uid), (cron.Text("status", "lastScheduleTime"), cron.Find("status", "active")!.Value[0].GetProperty("uid").GetString()));
        Assert.Equal("2026-01-01T00:01:00Z", job.Text("metadata", "annotations", "batch.kubernetes.io/cronjob-scheduled-timestamp"));

        world.Pass(600);
        // The one that runs, and three that are complete.
        Assert.Equal([false, true, true, true], world.All("jobs.batch", "shop").Select(one => Condition(one, "Complete") == "True").Order());
        cron = world.Get("cronjobs.batch", "shop", "report");
        Assert.True(string.CompareOrdinal(cron.Text("status", "lastSuccessfulTime"), "2026-01-01T00:09:00Z") > 0, cron.Text("status", "lastSuccessfulTime"));
        Assert.Equal(4, world.Pods("shop", "report").Count);

        world.Store.Delete(world.Store.Kinds["cronjobs.batch"], "shop", "report");
        world.Pass(120);
        Assert.Empty(world.All("jobs.batch", "shop"));
        Assert.Empty(world.Pods("shop"));
    }

    [Theory]
    [InlineData("Allow", 4)]
    [InlineData("Forbid", 1)]
    [InlineData("Replace", 1)]
    public void A_cron_job_whose_jobs_do_not_end_follows_its_concurrency_policy(string policy, int running)
    {
        var world = Small();
        world.Apply(Manifest.CronJob("report", Minutely, $"\"concurrencyPolicy\": \"{policy}\",", "report:never-ready"));
        world.Pass(61);
        var first = Assert.Single(world.All("jobs.batch", "shop")).Name;
        world.Pass(180);

        var jobs = world.All("jobs.batch", "shop");
        Assert.Equal(running, jobs.Count);
        Assert.Equal(policy != "Replace", jobs.Any(job => job.Name == first));
    }

    [Fact]
    public void A_cron_job_can_be_suspended_and_has_a_zone_of_its_own()
    {
        // It is one in the morning in Berlin when the world begins.
        var world = Small(Manifest.CronJob("morning", "5 1 * * *", "\"timeZone\": \"Europe/Berlin\","), Manifest.CronJob("off", Minutely, "\"suspend\": true,"));
        Assert.Equal("2025-12-31T00:05:00Z", world.Get("cronjobs.batch", "shop", "morning").Text("status", "lastScheduleTime"));
        world.Pass(310);
        Assert.StartsWith("morning-", Assert.Single(world.All("jobs.batch", "shop")).Name, StringComparison.Ordinal);

        world.Change("cronjobs.batch", "shop", "off", cron => cron["spec"]!["suspend"] = false);
        world.Change("cronjobs.batch", "shop", "morning", cron => cron["spec"]!["schedule"] = "@hourly");
        world.Pass(3600);
        Assert.Equal(2, world.All("jobs.batch", "shop").Count(job => job.Name.StartsWith("morning-", StringComparison.Ordinal)));
        Assert.Contains(world.All("jobs.batch", "shop"), job => job.Name.StartsWith("off-", StringComparison.Ordinal));
    }
}
