using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>Alertmanager's own tool checks the configuration and says who is told.</summary>
public class AlertRoutingTests
{
    [SkippableTheory]
    [InlineData("prod")]
    [InlineData("dev")]
    public async Task The_configuration_is_valid(string stack)
    {
        using var scratch = new Scratch();
        var files = await AlertmanagerFiles.Of(stack);

        var (exit, output) = await Tool.Amtool.RunAsync(scratch.Path, "check-config", files.Write(scratch));

        Assert.True(exit == 0, output);
        Assert.Contains("1 templates", output, StringComparison.Ordinal);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("critical", "severity=critical", "team=platform")]
    [InlineData("critical", "severity=critical")]
    [InlineData("critical-payments", "severity=critical", "team=payments")]
    [InlineData("warning", "severity=warning", "team=payments")]
    [InlineData("warning", "severity=warning", "team=chains")]
    [InlineData("info", "severity=info", "team=data")]
    [InlineData("warning", "severity=unheard-of")]
    [InlineData("warning", "alertname=NoSeverity")]
    [InlineData("heartbeat", "alertname=Watchdog", "severity=none")]
    [InlineData("nobody", "alertname=InfoInhibitor", "severity=none")]
    [InlineData("second-channel,warning", "alertname=AlertmanagerFailedToSendAlerts", "severity=warning")]
    [InlineData("second-channel,critical", "alertname=AlertmanagerClusterFailedToSendAlerts", "severity=critical")]
    [InlineData("events", "alertname=KubernetesEvent", "severity=warning", "team=payments")]
    public async Task Each_team_and_severity_goes_to_its_own_channel(string receivers, params string[] labels)
    {
        using var scratch = new Scratch();
        var config = (await AlertmanagerFiles.Of("prod")).Write(scratch);

        var (exit, output) = await Tool.Amtool.RunAsync(scratch.Path, ["config", "routes", "test", $"--config.file={config}", .. labels]);

        Assert.True(exit == 0, output);
        // A second line says that the flag overrides a default.
        Assert.Equal(receivers, output.Split('\n')[0]);
    }

    [SkippableFact]
    public async Task Without_a_webhook_nothing_is_written_to_Slack_and_critical_alerts_still_go_out()
    {
        var files = await AlertmanagerFiles.Of("dev");

        Assert.All(files.Receivers, receiver => Assert.False(receiver.ContainsKey("slack_configs")));
        Assert.NotNull(files.Receivers.Single(receiver => receiver["name"]!.ToString() == "critical")["sns_configs"]);
    }

    [SkippableFact]
    public async Task No_webhook_is_in_the_configuration()
    {
        var files = await AlertmanagerFiles.Of("prod");

        var text = files.Config.ToJsonString() + string.Concat(files.Templates.Values);
        Assert.Contains("/etc/alertmanager/secrets/slack/alerts-critical", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hooks.slack.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"api_url\"", text, StringComparison.Ordinal);
    }
}
