using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Monitoring;

public class MonitoringSettingsTests
{
    [Fact]
    public void Defaults_are_enough()
    {
        var (settings, problems) = Configuration.Read("{}");

        Assert.Empty(problems);
        Assert.True(settings.Monitoring.IsEnabled);
        Assert.Equal("#alerts-critical", settings.Monitoring.Slack.Critical.Name);
        Assert.Null(settings.Monitoring.Slack.Info);
        Assert.Equal(80 * 1024, settings.Monitoring.Prometheus.RetentionMebiBytes);
    }

    [Fact]
    public void Everything_can_be_chosen()
    {
        var (settings, problems) = Configuration.Read("""
            {"monitoring":{"prometheus":{"retentionDays":30,"volume":"50Gi","retentionSize":"40Gi","memory":"6Gi","scrapeSeconds":15},
            "alertmanager":{"volume":"4Gi"},"criticalEmails":["a@example.com"],"probes":["https://example.com/health","http://wallet.payments.svc:8080"],
            "links":{"alertmanager":"https://alerts.example.com/","runbooks":"https://wiki.example.com/runbooks/"},
            "slack":{"secret":"ha/slack","channels":{"critical":"#fire","warning":"#smoke","info":"#news"},"teams":{"payments":{"critical":"#money"}}}}}
            """);

        Assert.Empty(problems);
        Assert.Equal(["#fire", "#smoke", "#news", "#money"], settings.Monitoring.Slack.Channels.Select(channel => channel.Name));
        Assert.Equal("https://alerts.example.com", settings.Monitoring.Links.Alertmanager);
        Assert.Equal("https://wiki.example.com/runbooks", settings.Monitoring.Links.Runbooks);
        Assert.Equal(40 * 1024, settings.Monitoring.Prometheus.RetentionMebiBytes);
        Assert.Empty(settings.Monitoring.Notices());
    }

    [Theory]
    [InlineData("""{"slack":{"channels":{"critical":"alerts"}}}""", "slack.channels.critical is \"alerts\"; write # and up to 79 lower-case letters, digits, dashes and underscores, in quotes (without them YAML reads # as a comment)")]
    [InlineData("""{"slack":{"channels":{"critical":""}}}""", "slack.channels.critical is \"\"; write # and up to 79 lower-case letters, digits, dashes and underscores, in quotes (without them YAML reads # as a comment)")]
    [InlineData("""{"slack":{"channels":{"warning":"#Alerts Here"}}}""", "slack.channels.warning is \"#Alerts Here\"; write # and up to 79 lower-case letters, digits, dashes and underscores, in quotes (without them YAML reads # as a comment)")]
    [InlineData("""{"slack":{"channels":{"info":"news"}}}""", "slack.channels.info is \"news\"; write # and up to 79 lower-case letters, digits, dashes and underscores, in quotes (without them YAML reads # as a comment)")]
    [InlineData("""{"slack":{"teams":{"payments":{"critical":"money"}}}}""", "slack.teams.payments.critical is \"money\"; write # and up to 79 lower-case letters, digits, dashes and underscores, in quotes (without them YAML reads # as a comment)")]
    [InlineData("""{"slack":{"teams":{"payment":{}}}}""", "slack.teams.payment is not a setting; did you mean payments?")]
    [InlineData("""{"slack":{"secret":"a b"}}""", "slack.secret is \"a b\"; the name of a secret in AWS Secrets Manager has letters")]
    [InlineData("""{"prometheus":{"volume":"1Gi"}}""", "prometheus.volume is 1Gi; a small cluster writes one or two gigabytes of metrics per day")]
    [InlineData("""{"prometheus":{"volume":"300Gi"}}""", "prometheus.volume is 300Gi; the namespace allows volumes up to 250Gi")]
    [InlineData("""{"alertmanager":{"volume":"400Gi"}}""", "prometheus.volume is 100Gi; with 2 replicas and the volumes of Alertmanager, that is more than the storage quota of the namespace (1Ti)")]
    [InlineData("""{"prometheus":{"volume":"50Gi","retentionSize":"50Gi"}}""", "prometheus.retentionSize is 50Gi; ha-cluster:monitoring.prometheus.volume is 50Gi, and a tenth of the volume must stay free for writes in progress")]
    [InlineData("""{"prometheus":{"retentionDays":0}}""", "prometheus.retentionDays is 0; choose a number from 1")]
    [InlineData("""{"prometheus":{"scrapeSeconds":300}}""", "prometheus.scrapeSeconds is 300; choose 10 to 120 seconds")]
    [InlineData("""{"prometheus":{"memory":"256Mi"}}""", "prometheus.memory is 256Mi; Prometheus keeps the last two hours in memory")]
    [InlineData("""{"alertmanager":{"volume":"10Mi"}}""", "alertmanager.volume is 10Mi; the smallest EBS volume is 1Gi: raise it")]
    [InlineData("""{"criticalEmails":["on-call"]}""", "criticalEmails[0] is \"on-call\"; an address such as on-call@your-company.com")]
    [InlineData("""{"criticalEmails":["a@b.example","a@b.example"]}""", "criticalEmails[1] is \"a@b.example\"; it is in the list twice")]
    [InlineData("""{"probes":["example.com"]}""", "probes[0] is \"example.com\"; a full URL is expected here, such as https://example.com/health")]
    [InlineData("""{"probes":["http://example.com"]}""", "probes[0] is \"http://example.com\"; pods of monitoring reach the internet over HTTPS on port 443 only")]
    [InlineData("""{"links":{"grafana":"grafana"}}""", "links.grafana is \"grafana\"; the URL of a page is expected here, such as https://alertmanager.example.com")]
    [InlineData("""{"slak":{}}""", "slak is not a setting; did you mean slack?")]
    public void A_wrong_one_is_named_with_what_to_do(string json, string message)
    {
        var (_, problems) = Configuration.Read($$"""{"monitoring":{{json}}}""");

        Assert.StartsWith("ha-cluster:monitoring." + message, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"slack":{"secret":"https://hooks.slack.com/services/T0/B0/hunter2"}}""", "slack.secret is a URL")]
    [InlineData("""{"probes":["https://me:hunter2@example.com"]}""", "probes[0] contains a password")]
    public void A_secret_in_the_settings_is_refused_without_showing_it(string json, string message)
    {
        var (_, problems) = Configuration.Read($$"""{"monitoring":{{json}}}""");

        var problem = Assert.Single(problems);
        Assert.StartsWith("ha-cluster:monitoring." + message, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"monitoring":{}}""", "ha-cluster:monitoring.slack.secret is not set; alerts are shown only on the Alertmanager page")]
    [InlineData("""{"monitoring":{"criticalEmails":["a@example.com"]}}""", "ha-cluster:monitoring.slack.secret is not set; alerts are shown only on the Alertmanager page, critical ones also by mail")]
    [InlineData("""{"monitoring":{"slack":{"secret":"ha/slack"}}}""", "ha-cluster:monitoring.criticalEmails is empty; nobody is alerted when Slack, or all of monitoring, is down")]
    [InlineData("""{"monitoring":{"enabled":false}}""", "ha-cluster:monitoring.enabled is false; nobody is alerted when a node, a zone, a database or a site fails, and no alarm fires when monitoring itself is down")]
    public void Settings_that_leave_people_without_alerts_are_allowed_with_a_notice(string json, string notice)
    {
        var (settings, problems) = Configuration.Read(json);

        Assert.Empty(problems);
        Assert.Contains(Notices.For(settings), said => said.StartsWith(notice, StringComparison.Ordinal));
    }
}
