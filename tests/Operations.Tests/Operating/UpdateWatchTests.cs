using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>Updates that are watched once they are rolled out, and rolled back when they do harm.</summary>
public sealed class UpdateWatchTests : OperatingTests
{
    private static readonly WorkloadReference Web = new("shop", "web");
    private static readonly TimeSpan Watch = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_autoscaler_that_adds_replicas_during_the_watch_is_no_reason_to_roll_back()
    {
        // The fourth replica finds no place: every node is cordoned once the update is rolled out.
        var options = OnRollout(() =>
        {
            foreach (var node in World.All("nodes"))
                node["spec"]!["unschedulable"] = true;
            Find("deployments", "shop", "web")!["spec"]!["replicas"] = 4;
        });
        Assert.Equal(OperationState.Succeeded, (await RunAsync(new UpdateWorkload(Web, "web:2", null, Limit, Watch), options)).State);
        Assert.Equal(4, (int?)Find("deployments", "shop", "web")!["spec"]!["replicas"]);
    }

    [Fact]
    public async Task An_update_that_stays_below_strength_is_rolled_back()
    {
        var options = OnRollout(() =>
        {
            foreach (var node in World.All("nodes"))
                node["spec"]!["unschedulable"] = true;
            World.Remove("pods", Pods("web")[0]);
        });
        var run = RunAsync(new UpdateWorkload(Web, "web:2", null, TimeSpan.FromSeconds(30), Watch), options);
        // Going back needs a place as well, and finds none: it fails, and says how to go on.
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => run);
        Assert.Contains(failure.Result.Warnings, warning => warning.Contains("2 of 3 replicas are ready for 20 s", StringComparison.Ordinal));
        foreach (var node in World.All("nodes"))
            node["spec"]!.AsObject().Remove("unschedulable");
        Assert.Equal(OperationState.RolledBack, (await Runner.ResumeAsync(failure.Result.Id, RunOptions.Default, default)).State);
        Assert.All(Pods("web"), pod => Assert.Equal("web:1", Image(pod)));
    }

    [Fact]
    public async Task A_container_that_restarts_during_the_watch_rolls_the_update_back()
    {
        // The watch counts from its begin: the restart comes after its first look.
        var result = await RunAsync(new UpdateWorkload(Web, "web:2", null, Limit, Watch), new RunOptions
        {
            OnEvent = happened =>
            {
                if (happened is StepProgress progress && progress.StepId.StartsWith("observe", StringComparison.Ordinal))
                    FakeAccess.Change(() => Pods("web")[0]["status"]!["containerStatuses"]![0]!["restartCount"] = 3);
            },
        });
        Assert.Equal(OperationState.RolledBack, result.State);
        Assert.Contains(result.Warnings, warning => warning.Contains("its containers restarted 3 times", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_update_of_a_service_that_fails_already_is_judged_by_whether_it_got_worse()
    {
        Monitoring.Values["errors"] = 0.2;
        Assert.Equal(OperationState.Succeeded, (await RunAsync(new UpdateWorkload(Web, "web:2", null, Limit, Watch), OnRollout(() => Monitoring.Values["errors"] = 0.1))).State);
        Assert.Equal(OperationState.RolledBack, (await RunAsync(new UpdateWorkload(Web, "web:3", null, Limit, Watch), OnRollout(() => Monitoring.Values["errors"] = 0.3))).State);
    }

    [Fact]
    public async Task What_prometheus_does_not_measure_is_said_before_and_after()
    {
        var request = new UpdateWorkload(Web, "web:2", null, Limit, Watch, MaxLatency: TimeSpan.FromSeconds(1));
        Assert.Contains((await Runner.PlanAsync(request, default)).Warnings, warning => warning.Contains("Prometheus does not measure", StringComparison.Ordinal));
        Monitoring.Values["errors"] = 0;
        var result = await RunAsync(request);
        // Errors are measured, latency is not.
        Assert.Contains(result.Warnings, warning => warning.Contains("were not judged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ImagePullBackOff")]
    [InlineData("InvalidImageName")]
    public async Task An_image_that_cannot_be_pulled_is_rolled_back_at_once_with_the_reason(string reason)
    {
        World.BadImages.Add("web:nope");
        World.BadImageReason = reason;
        var result = await RunAsync(new UpdateWorkload(Web, "web:nope", null, TimeSpan.FromDays(1), Watch));
        Assert.Contains(result.Warnings, warning => warning.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(OperationState.RolledBack, result.State);
        Assert.True(result.Took < TimeSpan.FromHours(1), $"it took {result.Took}");
    }

    private static RunOptions OnRollout(Action then) => new()
    {
        OnEvent = happened =>
        {
            if (happened is StepChanged { Step: { State: StepState.Done } step } && step.Id.StartsWith("rollout", StringComparison.Ordinal))
                FakeAccess.Change(then);
        },
    };
}
