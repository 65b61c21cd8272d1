using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>Metrics, dashboards, alerts to Slack (<c>ha-cluster:monitoring</c>).</summary>
public sealed record MonitoringSettings
{
    /// <summary>Copies of Prometheus: each scrapes everything by itself, so that one lost zone leaves no gap.</summary>
    public const int PrometheusReplicas = 2;

    /// <summary>Replicas of Alertmanager: they deduplicate messages, and rather send one twice than not at all.</summary>
    public const int AlertmanagerReplicas = 3;

    private const int MaxProbes = 200;

    private static readonly Quantity SmallestVolume = Quantity.Parse("1Gi");

    public required bool IsEnabled { get; init; }

    public required PrometheusSettings Prometheus { get; init; }

    /// <summary>Volume of one Alertmanager, in bytes: silences and the notification log.</summary>
    public required Quantity AlertmanagerVolume { get; init; }

    public required SlackSettings Slack { get; init; }

    public required MonitoringLinks Links { get; init; }

    /// <summary>Addresses for messages that must not depend on Slack; each must confirm one mail from AWS.</summary>
    public required ImmutableArray<string> CriticalEmails { get; init; }

    /// <summary>URLs that are probed from inside the cluster, in addition to those of the sites.</summary>
    public required ImmutableArray<string> Probes { get; init; }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices()
    {
        if (!IsEnabled)
        {
            yield return "ha-cluster:monitoring.enabled is false; nobody is alerted when a node, a zone, a database or a site fails, and no alarm fires when monitoring itself is down";
            yield break;
        }

        var mails = CriticalEmails.IsEmpty ? "" : ", critical ones also by mail (ha-cluster:monitoring.criticalEmails)";
        if (Slack.Secret is null)
            yield return $"ha-cluster:monitoring.slack.secret is not set; alerts are shown only on the Alertmanager page{mails}: store the webhook in AWS Secrets Manager and write the name of the secret here";

        if (CriticalEmails.IsEmpty)
        {
            yield return "ha-cluster:monitoring.criticalEmails is empty; nobody is alerted when Slack, or all of monitoring, is down: "
                + "list addresses, or subscribe to the SNS topic that the stack creates";
        }

        if (Slack.Secret is not null && !Links.LinksRunbooks)
            yield return "ha-cluster:monitoring.links.runbooks is not set; messages show the file name of the runbook instead of a link";
    }

    /// <summary>Reports volumes that the quota of the namespace would refuse: that would show only when a pod waits for its volume.</summary>
    public void CheckRoom(Quota quota, SettingsProblems problems)
    {
        if (!IsEnabled)
            return;

        const string Path = "ha-cluster:monitoring.prometheus.volume";
        var whole = Prometheus.Volume.Value * PrometheusReplicas + AlertmanagerVolume.Value * AlertmanagerReplicas;
        if (Prometheus.Volume > quota.LargestVolume)
            problems.Add(Path, Prometheus.Volume, $"the namespace allows volumes up to {quota.LargestVolume}: lower it, or raise ha-cluster:quotas.monitoring.largestVolume");
        else if (whole > quota.Storage.Value)
        {
            problems.Add(
                Path,
                Prometheus.Volume,
                $"with {PrometheusReplicas} replicas and the volumes of Alertmanager, that is more than the storage quota of the namespace ({quota.Storage}): lower it, or raise ha-cluster:quotas.monitoring.storage");
        }
    }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static MonitoringSettings Read(SettingsReader reader, int zones)
    {
        var alertmanager = reader.Object("alertmanager", "Three Alertmanager replicas; they coordinate so that each alert is sent once.");
        var settings = new MonitoringSettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether to install metrics, dashboards and alerts.", true),
            Prometheus = PrometheusSettings.Read(reader.Object("prometheus", "Prometheus: two replicas, each with all metrics.")),
            AlertmanagerVolume = ReadVolume(alertmanager),
            Slack = SlackSettings.Read(reader.Object("slack", "Slack channels for alerts.")),
            Links = MonitoringLinks.Read(reader.Object("links", "Addresses used in links in messages. Monitoring is not open to the internet: the defaults are the addresses of kubectl port-forward.")),
            CriticalEmails = reader.TextList(
                "criticalEmails",
                "Addresses that also get critical alerts by mail, and a mail when Slack or monitoring itself is down. Each must confirm one mail from AWS.",
                [],
                Shapes.Email),
            Probes = ReadProbes(reader),
        };
        alertmanager.Close();
        reader.Close();
        return settings;
    }

    private static Quantity ReadVolume(SettingsReader reader)
    {
        var volume = reader.Bytes("volume", "Volume of each Alertmanager.", Quantity.Parse("2Gi"));
        if (volume < SmallestVolume)
            reader.Problems.Add(reader.PathOf("volume"), volume, $"the smallest EBS volume is {SmallestVolume}: raise it");
        return volume;
    }

    private static ImmutableArray<string> ReadProbes(SettingsReader reader)
    {
        var probes = reader.TextList("probes", "URLs to probe every 30 seconds, in addition to those of the sites.", [], Shapes.ProbeAddress);
        if (probes.Length > MaxProbes)
            reader.Problems.Add(reader.PathOf("probes"), $"{probes.Length} addresses", $"two probers request each of them every 30 seconds: list at most {MaxProbes}");

        foreach (var (probe, index) in probes.Select((probe, index) => (probe, index)))
        {
            var path = $"{reader.PathOf("probes")}[{index}]";
            if (!Uri.TryCreate(probe, UriKind.Absolute, out var uri))
                reader.Problems.Add(path, SettingsReader.Shown(probe), Shapes.ProbeAddress.Advice);
            else if (!IsReachable(uri))
            {
                reader.Problems.Add(
                    path, SettingsReader.Shown(probe), "pods of monitoring reach the internet over HTTPS on port 443 only: use such an address, or a service in the cluster (NAME.NAMESPACE.svc)");
            }
            else if (uri.UserInfo.Length > 0)
                reader.Problems.Add(path, "contains a password, which would show up in metrics and messages: remove it and probe a page that needs no password");
        }

        return probes;
    }

    private static bool IsReachable(Uri uri) =>
        uri.Host.EndsWith(".svc", StringComparison.Ordinal)
        || uri.Host.EndsWith(".svc.cluster.local", StringComparison.Ordinal)
        || uri is { Scheme: "https", Port: 443 };
}
