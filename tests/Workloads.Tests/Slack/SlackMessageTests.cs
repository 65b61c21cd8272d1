namespace HaCluster.Workloads.Tests.Slack;

/// <summary>What a person reads, as a real Alertmanager sends it.</summary>
public class SlackMessageTests
{
    [SkippableFact]
    public async Task A_critical_alert_says_what_where_since_and_how_bad_and_leads_on()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);

        await alertmanager.PushAsync(new TestAlert("VolumeFillsUp", "critical", ("namespace", "chains"), ("pod", "btcd-0"), ("zone", "eu-central-1a"), ("team", "chains"))
        {
            Summary = "Volume of btcd-0 is almost full",
            Description = "97 % of 2Ti are used, and it grows by 1 % a day",
        });
        var message = await receiver.UntilAsync(each => each.IsSlack, "the message");

        Assert.Equal("/slack/alerts-critical", message.Path);
        Assert.Equal("#alerts-critical", message.Slack["channel"]!.ToString());
        Assert.Equal("[FIRING:1] VolumeFillsUp in chains, zone eu-central-1a (ha-cluster-prod)", message.Title);
        Assert.Equal("#e01e5a", message.Attachment["color"]!.ToString());
        Assert.Equal("<!here>", message.Attachment["pretext"]!.ToString());
        foreach (var part in new[]
        {
            "*Volume of btcd-0 is almost full*", "97 % of 2Ti are used", "*How bad:* critical, team chains", "namespace `chains`", "pod `btcd-0`",
            "zone `eu-central-1a`", "*Since:* <!date^", "<https://example.com/runbooks/VolumeFillsUp.md|Runbook>", "<https://grafana.example.com/d/nodes|Dashboard>",
            "<http://localhost:9090/graph?g0.expr=up+%3D%3D+0|Graph>",
        })
        {
            Assert.Contains(part, message.Text, StringComparison.Ordinal);
        }

        var buttons = message.Attachment["actions"]!.AsArray().ToDictionary(button => button!["text"]!.ToString(), button => button!["url"]!.ToString());
        Assert.Equal("https://example.com/runbooks/VolumeFillsUp.md", buttons["Runbook"]);
        Assert.Equal("https://grafana.example.com/d/nodes", buttons["Dashboard"]);
        Assert.Equal("http://localhost:9090/graph?g0.expr=up+%3D%3D+0", buttons["Graph"]);
        Assert.Equal(
            "http://localhost:9093/#/silences/new?filter={alertname=\"VolumeFillsUp\",namespace=\"chains\",severity=\"critical\"}",
            Uri.UnescapeDataString(buttons["Silence"]));
    }

    [SkippableFact]
    public async Task What_belongs_together_is_one_message_that_Slack_does_not_refuse()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);

        await alertmanager.PushAsync(Enumerable.Range(0, 60).Select(i => new TestAlert("PodCrashes", "warning", ("namespace", "payments"), ("pod", $"wallet-{i:00}"))
        {
            Description = new string('x', 5_000),
        }));
        var message = await receiver.UntilAsync(each => each.IsSlack && each.Title.StartsWith("[FIRING:60] PodCrashes in payments", StringComparison.Ordinal), "the message");

        Assert.Equal("/slack/alerts", message.Path);
        Assert.Contains("The first 5 of 60", message.Text, StringComparison.Ordinal);
        Assert.InRange(message.Body.Length, 1_000, 12_000);
        // Where the machine is slow the group's first turns come before its last alert, and there are messages before this one; not one for each alert.
        Assert.InRange(receiver.Deliveries.Count(each => each.IsSlack), 1, 30);
    }

    [SkippableFact]
    public async Task A_resolved_alert_is_shown_in_green()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);
        var alert = new TestAlert("NodeGone", "critical", ("node", "ip-10-0-0-1"));

        await alertmanager.PushAsync(alert);
        await receiver.UntilAsync(each => each.IsSlack && each.Title.StartsWith("[FIRING:1] NodeGone", StringComparison.Ordinal), "the alert");
        await alertmanager.UntilSlackWasToldAsync();
        await alertmanager.PushAsync(alert with { IsResolved = true });
        var message = await receiver.UntilAsync(each => each.IsSlack && each.Title.StartsWith("[RESOLVED] NodeGone", StringComparison.Ordinal), "its end");

        Assert.Equal("#2eb67d", message.Attachment["color"]!.ToString());
        Assert.Contains(", over <!date^", message.Text, StringComparison.Ordinal);
        Assert.Equal("", message.Attachment["pretext"]?.ToString() ?? "");
    }

    [SkippableFact]
    public async Task Text_of_others_cannot_forge_links_or_mentions()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);

        await alertmanager.PushAsync(new TestAlert("Odd", "warning", ("pod", "<!channel>")) { Description = "<https://evil.example|click> & more" });
        var message = await receiver.UntilAsync(each => each.IsSlack, "the message");

        Assert.Contains("&lt;https://evil.example|click&gt; &amp; more", message.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<!channel>", message.Text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_lost_zone_keeps_back_what_follows_from_it_and_nothing_else()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);

        await alertmanager.PushAsync(new TestAlert("ZoneLost", "critical", ("zone", "eu-central-1a")));
        await receiver.UntilAsync(each => each.IsSlack && each.Title.Contains("ZoneLost", StringComparison.Ordinal), "the zone");
        await alertmanager.PushAsync(
            new TestAlert("KubeNodeNotReady", "warning", ("node", "a")),
            new TestAlert("DiskSlow", "warning", ("zone", "eu-central-1a")),
            new TestAlert("DiskSlow", "warning", ("zone", "eu-central-1b"), ("namespace", "chains")),
            new TestAlert("BitcoinStuck", "critical", ("zone", "eu-central-1a")));
        await receiver.UntilAsync(each => each.IsSlack && each.Title.Contains("BitcoinStuck", StringComparison.Ordinal), "the critical one");
        await receiver.UntilAsync(each => each.IsSlack && each.Title.Contains("DiskSlow in chains", StringComparison.Ordinal), "the one of another zone");

        Assert.DoesNotContain(receiver.Deliveries, each => each.Body.Contains("KubeNodeNotReady", StringComparison.Ordinal));
        Assert.DoesNotContain(receiver.Deliveries, each => each.IsSlack && each.Title.Contains("DiskSlow, zone eu-central-1a", StringComparison.Ordinal));
    }
}
