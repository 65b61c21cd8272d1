using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>Metrics, dashboards, alerts to Slack (<c>ha-cluster:monitoring</c>).</summary>
public sealed record MonitoringSettings
{
    /// <summary>Copies of Prometheus: each scrapes everything by itself, so that one lost zone leaves no gap.</summary>
    public const int PrometheusReplicas = 2;

    /// <summary>Copies of Alertmanager: they agree on who tells, and tell twice rather than never.</summary>
    public const int AlertmanagerReplicas = 3;

    private const int MostProbes = 200;

    private static readonly Quantity SmallestVolume = Quantity.Parse("1Gi");

    public required bool IsEnabled { get; init; }

    public required PrometheusSettings Prometheus { get; init; }

    /// <summary>Volume of one Alertmanager, in bytes: silences, and what was told when.</summary>
    public required Quantity AlertmanagerVolume { get; init; }

    public required SlackSettings Slack { get; init; }

    public required MonitoringLinks Links { get; init; }

    /// <summary>Who gets what must not depend on Slack; each address has to confirm a mail from AWS once.</summary>
    public required ImmutableArray<string> CriticalEmails { get; init; }

    /// <summary>Addresses that are asked from inside the cluster, besides those of the sites.</summary>
    public required ImmutableArray<string> Probes { get; init; }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices()
    {
        if (!IsEnabled)
        {
            yield return "ha-cluster:monitoring.enabled is false; nobody is told when a node, a zone, a database or a site fails, and no alarm says that monitoring is gone";
            yield break;
        }

        var mails = CriticalEmails.IsEmpty ? "" : ", critical ones also by mail (ha-cluster:monitoring.criticalEmails)";
        if (Slack.Secret is null)
            yield return $"ha-cluster:monitoring.slack.secret is not set; alerts go nowhere but to the page of Alertmanager{mails}: put the webhook into AWS Secrets Manager and name the secret";

        if (CriticalEmails.IsEmpty)
        {
            yield return "ha-cluster:monitoring.criticalEmails is empty; nobody is told when Slack, or all of monitoring, is down: "
                + "name addresses, or subscribe to the topic that the stack makes";
        }

        if (Slack.Secret is not null && !Links.LinksRunbooks)
            yield return "ha-cluster:monitoring.links.runbooks is not set; messages name the runbook's file instead of linking to it";
    }

    /// <summary>Reports volumes that the quota of the namespace would refuse: that would show only when a pod waits for its volume.</summary>
    public void CheckRoom(Quota quota, SettingsProblems problems)
    {
        if (!IsEnabled)
            return;

        const string Path = "ha-cluster:monitoring.prometheus.volume";
        var whole = Prometheus.Volume.Value * PrometheusReplicas + AlertmanagerVolume.Value * AlertmanagerReplicas;
        if (Prometheus.Volume > quota.LargestVolume)
            problems.Add(Path, Prometheus.Volume, $"the namespace takes volumes up to {quota.LargestVolume}: lower it, or raise ha-cluster:quotas.monitoring.largestVolume");
        else if (whole > quota.Storage.Value)
        {
            problems.Add(
                Path,
                Prometheus.Volume,
                $"with {PrometheusReplicas} replicas and the volumes of Alertmanager that is more than the {quota.Storage} of the namespace: lower it, or raise ha-cluster:quotas.monitoring.storage");
        }
    }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static MonitoringSettings Read(SettingsReader reader, int zones)
    {
        var alertmanager = reader.Object("alertmanager", "Three Alertmanagers, which agree on who sends an alert.");
        var settings = new MonitoringSettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether there are metrics, dashboards and alerts.", true),
            Prometheus = PrometheusSettings.Read(reader.Object("prometheus", "How much is measured and kept. Each of the two replicas has all of it.")),
            AlertmanagerVolume = ReadVolume(alertmanager),
            Slack = SlackSettings.Read(reader.Object("slack", "Where alerts are written.")),
            Links = MonitoringLinks.Read(reader.Object("links", "Where links in messages lead. Nothing of monitoring is open to the internet: the defaults are those of kubectl port-forward.")),
            CriticalEmails = reader.TextList(
                "criticalEmails",
                "Who gets critical alerts by mail too, and is told when Slack or monitoring itself is down. Each confirms a mail from AWS once.",
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
            reader.Problems.Add(reader.PathOf("volume"), volume, $"no volume of EBS is smaller than {SmallestVolume}");
        return volume;
    }

    private static ImmutableArray<string> ReadProbes(SettingsReader reader)
    {
        var probes = reader.TextList("probes", "Addresses to ask every half minute, besides those of the sites.", [], Shapes.ProbeAddress);
        if (probes.Length > MostProbes)
            reader.Problems.Add(reader.PathOf("probes"), $"{probes.Length} addresses", $"two probers ask each of them every 30 seconds: name {MostProbes} at most");

        foreach (var (probe, index) in probes.Select((probe, index) => (probe, index)))
        {
            var path = $"{reader.PathOf("probes")}[{index}]";
            if (!Uri.TryCreate(probe, UriKind.Absolute, out var uri))
                reader.Problems.Add(path, $"\"{probe}\"", Shapes.ProbeAddress.Advice);
            else if (!IsReachable(uri))
            {
                reader.Problems.Add(
                    path, $"\"{probe}\"", "of the internet, pods of monitoring reach HTTPS on port 443 only: use such an address, or that of a service (NAME.NAMESPACE.svc)");
            }
            else if (uri.UserInfo.Length > 0)
                reader.Problems.Add(path, "has a password in it, which would be shown in metrics and messages: take it out and make a page that needs none");
        }

        return probes;
    }

    private static bool IsReachable(Uri uri) =>
        uri.Host.EndsWith(".svc", StringComparison.Ordinal)
        || uri.Host.EndsWith(".svc.cluster.local", StringComparison.Ordinal)
        || uri is { Scheme: "https", Port: 443 };
}
