namespace HaCluster.Workloads.Tests.Slack;

/// <summary>Slack refuses, fails, or is not there.</summary>
public class SlackFailureTests
{
    [SkippableTheory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_message_that_Slack_would_not_take_comes_again(int status)
    {
        using var receiver = new LoopbackReceiver();
        receiver.AnswerSlackWith(status, status);
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);

        await alertmanager.PushAsync(new TestAlert("NodeGone", "warning", ("node", "a")));
        var message = await receiver.UntilAsync(each => each is { IsSlack: true, Status: 200 }, "the message");

        Assert.Contains("NodeGone", message.Title, StringComparison.Ordinal);
        Assert.Equal(2, receiver.Deliveries.Count(each => each.IsSlack && each.Status == status));
    }

    [SkippableFact]
    public async Task While_Slack_is_down_critical_alerts_come_over_the_second_channel()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver, slackAddress: $"http://127.0.0.1:{Waiting.FreePort()}");

        await alertmanager.PushAsync(new TestAlert("DatabaseDown", "critical", ("namespace", "payments"), ("team", "payments")) { Summary = "No writer" });
        var mail = await receiver.UntilAsync(each => each.Path == "/sns", "the message to the topic");

        Assert.Equal("critical", mail.Topic);
        Assert.Equal("[FIRING:1] DatabaseDown critical payments ha-cluster-prod", mail.Form("Subject"));
        Assert.Contains("firing: No writer", mail.Form("Message"), StringComparison.Ordinal);
        Assert.Contains("runbook: https://example.com/runbooks/DatabaseDown.md", mail.Form("Message"), StringComparison.Ordinal);
        Assert.DoesNotContain(receiver.Deliveries, each => each.IsSlack);
    }

    [SkippableFact]
    public async Task A_failure_of_Slack_itself_is_reported_over_the_second_channel()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver, slackAddress: $"http://127.0.0.1:{Waiting.FreePort()}");

        // A warning in the chart's rules, and so no message to the topic by its severity.
        await alertmanager.PushAsync(new TestAlert("AlertmanagerFailedToSendAlerts", "warning", ("integration", "slack"), ("namespace", "monitoring")));
        var mail = await receiver.UntilAsync(each => each.Path == "/sns", "the message to the topic");

        Assert.Equal("critical", mail.Topic);
        Assert.Contains("AlertmanagerFailedToSendAlerts", mail.Form("Subject"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_heartbeat_goes_to_its_topic_and_nowhere_else()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);

        await alertmanager.PushAsync(new TestAlert("Watchdog", "none"), new TestAlert("NodeGone", "warning", ("node", "a")));
        var beat = await receiver.UntilAsync(each => each.Path == "/sns", "the heartbeat");
        await receiver.UntilAsync(each => each.IsSlack, "the other alert");

        Assert.Equal("heartbeat", beat.Topic);
        Assert.DoesNotContain(receiver.Deliveries, each => each.IsSlack && each.Body.Contains("Watchdog", StringComparison.Ordinal));
    }
}
