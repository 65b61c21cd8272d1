using HaCluster.Operations.Pulumi;

namespace HaCluster.Operations.Tests.Pulumi;

/// <summary>Event logs that Pulumi's own tests recorded (recorded/README.md), and the events that these lack in the format of its source.</summary>
public sealed class EventLogTests : IDisposable
{
    private static readonly PulumiOptions Options = new();
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly StandIn pulumi = new();

    public void Dispose() => pulumi.Dispose();

    [SkippableFact]
    public async Task A_destroyed_stack_counts_what_was_deleted()
    {
        var reports = new Reports();
        var result = await pulumi.Replaying("destroy").DestroyAsync("dev", Options, reports, None);

        Assert.Equal(["mygrandchild", "mychild", "myparent"], result.Steps.Select(step => step.Name));
        Assert.All(result.Steps, step => Assert.Equal("delete", step.Operation));
        Assert.Equal((3, 1, 9), (result.Changes["delete"], result.Changes["same"], (int)result.Duration.TotalSeconds));
        Assert.Equal(3, reports.All.Count(report => report is { IsDone: true, Operation: "delete" }));
        Assert.Empty(result.Unfinished);
    }

    [SkippableFact]
    public async Task A_replacement_is_one_step_whatever_its_parts_are_called()
    {
        var result = await pulumi.Replaying("replacement").UpAsync("dev", Options, null, None);

        var step = Assert.Single(result.Steps, step => step.Type == "pkgA:m:typA");
        Assert.Equal(("replace", false), (step.Operation, step.IsFailed));
        Assert.Equal(1, result.Changes["replace"]);
    }

    [SkippableFact]
    public async Task A_replacement_that_failed_names_the_resource_and_the_reason_without_colours()
    {
        var failure = await FailureAsync("replacement-failed");

        Assert.Equal((FailureKind.PulumiFailed, "pulumi up"), (failure.Kind, failure.Call));
        Assert.Contains("resA: interrupt replace (", failure.Message, StringComparison.Ordinal);
        // What the engine says last of every failed update adds nothing.
        Assert.DoesNotContain("update failed", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("{%", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_mandatory_policy_stops_an_update_and_is_named_with_its_pack()
    {
        var failure = await FailureAsync("policy-mandatory");

        Assert.Contains("resA: policy always-fails of analyzerA (mandatory): a policy failed", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_advisory_policy_is_a_warning()
    {
        var result = await pulumi.Replaying("policy-remediation-failed").UpAsync("dev", Options, null, None);

        Assert.Equal(2, result.Warnings.Length);
        Assert.Contains("resA: policy warning of analyzerA (advisory): warning - could not run due to unknowns", result.Warnings);
        Assert.Empty(result.Errors);
    }

    [SkippableFact]
    public async Task An_update_that_was_cut_off_names_what_it_had_begun()
    {
        var failure = await FailureAsync("up-interrupted");

        Assert.Contains("create aws:ec2/instance:Instance interrupted-instance, update aws:rds/instance:Instance interrupted-db", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("completed-bucket", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("interrupted-component", failure.Message, StringComparison.Ordinal);
        Assert.Contains("pulumi refresh", failure.Advice, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_provider_that_does_not_know_what_became_of_a_change_asks_for_a_refresh()
    {
        var failure = await FailureAsync("up-failed-and-uncertain", "error: update failed\n");

        Assert.Contains("pulumi refresh", failure.Advice, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_cancelled_refresh_says_so()
    {
        var failure = await FailureAsync("refresh-cancelled");

        Assert.Contains("it was cancelled before it finished", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Events_that_are_no_steps_are_told_or_left_out()
    {
        string[] log =
        [
            """{"sequence":0,"timestamp":1,"preludeEvent":{"config":{"aws:region":"eu-central-1"}}}""",
            """{"sequence":1,"timestamp":1,"progressEvent":{"type":"plugin-download","id":"aws","message":"Downloading plugin aws-7.48.0","received":0,"total":90,"done":false}}""",
            """{"sequence":2,"timestamp":1,"progressEvent":{"type":"plugin-download","id":"aws","message":"Downloading plugin aws-7.48.0","received":50,"total":90,"done":false}}""",
            """{"sequence":3,"timestamp":1,"progressEvent":{"type":"plugin-download","id":"aws","message":"Downloading plugin aws-7.48.0","received":90,"total":90,"done":true}}""",
            """{"sequence":4,"timestamp":1,"diagnosticEvent":{"message":"waiting\n","color":"never","severity":"info","ephemeral":true}}""",
            """{"sequence":5,"timestamp":1,"diagnosticEvent":{"message":"traced\n","color":"never","severity":"debug"}}""",
            """{"sequence":6,"timestamp":1,"diagnosticEvent":{"message":"größer\n","color":"never","severity":"info#err","streamID":4}}""",
            """{"sequence":7,"timestamp":1,"stdoutEvent":{"message":"a word of the CLI\n","color":"never"}}""",
            """{"sequence":8,"timestamp":1,"policyLoadEvent":{}}""",
            """{"sequence":9,"timestamp":1,"startDebuggingEvent":{}}""",
            """{"sequence":10,"timestamp":1,"aNewEvent":{"metadata":{}}}""",
            "not an event",
            """{"sequence":11,"timestamp":1,"errorEvent":{"error":"the engine panicked"}}""",
            """{"sequence":12,"timestamp":1,"summaryEvent":{"maybeCorrupt":false,"durationSeconds":3,"resourceChanges":{"same":2},"PolicyPacks":{},"isPreview":true,"result":"succeeded"}}""",
            """{"sequence":13,"timestamp":1,"cancelEvent":{}}""",
        ];
        var reports = new Reports();
        var result = await pulumi.Saying(log).PreviewAsync("dev", Options, reports, None);

        Assert.Equal(["Downloading plugin aws-7.48.0", "Downloading plugin aws-7.48.0: done", "größer", "a word of the CLI", "the engine panicked"], reports.All.Select(report => report.Message));
        Assert.Equal("the engine panicked", Assert.Single(result.Errors));
        Assert.Equal((2, 3), (result.Changes["same"], (int)result.Duration.TotalSeconds));
    }

    /// <summary>A reader that comes while the last line, or the last character, is half written.</summary>
    [Fact]
    public async Task A_log_that_is_read_while_it_is_written_loses_nothing()
    {
        var path = Path.Combine(pulumi.Folder, "growing");
        var reports = new Reports();
        var log = new EventLog(path, reports, None);
        using var ended = new CancellationTokenSource();
        var following = log.FollowAsync(TimeSpan.FromMilliseconds(1), ended.Token);
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            foreach (var part in System.Text.Encoding.UTF8.GetBytes("{\"stdoutEvent\":{\"message\":\"größer\"}}\n{\"stdoutEvent\":{\"message\":\"ende\"}}\n"))
            {
                file.WriteByte(part);
                await Task.Yield();
            }
        }
        await ended.CancelAsync();
        await following;

        Assert.Equal(["größer", "ende"], reports.All.Select(report => report.Message));
    }

    private async Task<HaClusterException> FailureAsync(string recorded, string error = "") =>
        await Assert.ThrowsAsync<HaClusterException>(() => pulumi.Replaying(recorded, error, code: 1).UpAsync("dev", Options, null, None));
}
