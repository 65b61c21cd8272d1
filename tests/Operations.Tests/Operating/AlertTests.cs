using HaCluster.Operations.Alerts;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Tests.Operating;

public sealed class AlertTests : OperatingTests
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_silence_has_all_matchers_its_author_and_its_end_and_undo_ends_it()
    {
        var result = await RunAsync(new SetAlertSilence("PodCrashLooping", Hour, "known", new Dictionary<string, string> { ["namespace"] = "shop", ["pod"] = "api-1" }));
        var silence = Assert.Single(Monitoring.Silences);
        Assert.Equal(["alertname=\"PodCrashLooping\"", "namespace=\"shop\"", "pod=\"api-1\""], silence.Matchers);
        Assert.Equal(("ada@laptop", Hour), (silence.CreatedBy, silence.EndsAt - silence.StartsAt));
        Assert.StartsWith("known (", silence.Comment, StringComparison.Ordinal);
        await Runner.UndoAsync(result.Id, RunOptions.Default, default);
        Assert.Equal("expired", Assert.Single(Monitoring.Silences).State);
    }

    [Fact]
    public async Task What_is_silenced_for_longer_already_is_not_silenced_again_and_undo_leaves_it()
    {
        await RunAsync(new SetAlertSilence("Slow", Hour * 5, "first", None));
        var second = await RunAsync(new SetAlertSilence("Slow", Hour, "second", None));
        Assert.Equal(StepState.Unneeded, Assert.Single(second.Steps).State);
        await RunAsync(new SetAlertSilence("Slow", Hour * 9, "longer", None));
        await Runner.UndoAsync(second.Id, RunOptions.Default, default);
        Assert.Equal(["active", "active"], Monitoring.Silences.Select(silence => silence.State));
    }

    [Fact]
    public async Task A_silence_that_is_pending_since_the_clock_here_is_ahead_counts_as_set()
    {
        Monitoring.IsBehind = true;
        Assert.Equal(OperationState.Succeeded, (await RunAsync(new SetAlertSilence("Slow", Hour, "", None))).State);
        Assert.Equal("pending", Assert.Single(Monitoring.Silences).State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(32 * 24)]
    public async Task A_silence_of_no_time_or_of_more_than_a_month_is_refused(int hours) =>
        Assert.Equal("SilenceDuration", (await RefusedAsync(new SetAlertSilence("Slow", Hour * hours, "", None), Forced)).Code);

    [Fact]
    public async Task A_silence_is_ended_by_its_id_and_undo_silences_again_for_the_time_that_was_left()
    {
        await RunAsync(new SetAlertSilence("Slow", Hour, "known", new Dictionary<string, string> { ["team"] = "data" }));
        await RunAsync(new SetAlertSilence("Full", Hour, "known", None));
        var first = Monitoring.Silences[0];
        var result = await RunAsync(new RemoveAlertSilence(first.Id));
        Assert.Equal(["expired", "active"], Monitoring.Silences.Select(silence => silence.State));

        await Runner.UndoAsync(result.Id, RunOptions.Default, default);

        Assert.Equal(3, Monitoring.Silences.Count);
        Assert.Equal((first.EndsAt, "active"), (Monitoring.Silences[2].EndsAt, Monitoring.Silences[2].State));
        Assert.Equal(first.Matchers, Monitoring.Silences[2].Matchers);
    }

    [Fact]
    public async Task A_silence_that_does_not_exist_is_refused_with_those_that_do()
    {
        Assert.Equal("Nothing is silenced", (await RefusedAsync(new RemoveAlertSilence("Slow"))).Advice);
        await RunAsync(new SetAlertSilence("Full", Hour, "", None));
        var refusal = await RefusedAsync(new RemoveAlertSilence("Slow"));
        Assert.Equal(("SilenceUnknown", FailureKind.NotFound), (refusal.Code, refusal.Kind));
        Assert.Contains("silence-0 (alertname=\"Full\")", refusal.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silenced")]
    [InlineData("inhibited")]
    public async Task A_test_alert_that_reaches_nobody_says_so(string state)
    {
        Monitoring.StateOfNew = state;
        Assert.Contains((await RunAsync(new SendTestAlert())).Warnings, warning => warning == $"the test alert is {state}: nobody is notified");
    }

    [Fact]
    public async Task Each_test_alert_is_one_of_its_own_and_a_severity_that_does_not_exist_is_refused()
    {
        await RunAsync(new SendTestAlert("info"));
        await RunAsync(new SendTestAlert("info"));
        Assert.Equal(2, Monitoring.Alerts.Select(alert => alert.Labels["operation"]).Distinct().Count());
        Assert.Equal("SeverityUnknown", (await RefusedAsync(new SendTestAlert("urgent"))).Code);
    }

    [Theory]
    [InlineData("alertname", "Slow", false, true)]
    [InlineData("pod", "api-.*", true, true)]
    [InlineData("team", "data", false, false)]
    [InlineData("team", "a\"b=c", true, false)]
    public void A_matcher_is_read_as_it_is_written(string name, string value, bool isRegex, bool isEqual)
    {
        var matcher = new SilenceMatcher(name, value, isRegex, isEqual);
        Assert.Equal(matcher, SilenceMatcher.Parse(matcher.ToString()));
    }
}
