using System.Collections.Immutable;
using HaCluster.Stack.Settings.Monitoring;
using Pulumi;

namespace HaCluster.Stack.Monitoring.Alerting;

/// <summary>Input of <see cref="AlertmanagerConfig"/>.</summary>
public sealed record AlertmanagerConfigArgs
{
    public required SlackSettings Slack { get; init; }

    public required Input<string> CriticalTopic { get; init; }

    public required Input<string> HeartbeatTopic { get; init; }

    public required string Region { get; init; }
}

/// <summary>
/// Configuration of Alertmanager: routes, receivers, intervals. It uses no feature newer than Alertmanager 0.25.
/// </summary>
/// <remarks>
/// Slack accepts one message per second and webhook and answers 429 to more. Alertmanager repeats a request that failed with a 5xx at once, but gives
/// up after a 4xx until the group's next interval, and sends nothing for an alert that is resolved by then
/// (https://github.com/prometheus/alertmanager/issues/2111). So there are few groups, so that many alerts make few messages; a short interval for critical
/// alerts, so that the next attempt is soon; and critical alerts through SNS as well.
/// </remarks>
public sealed class AlertmanagerConfig(AlertmanagerConfigArgs args)
{
    /// <summary>Alert that events of Kubernetes become.</summary>
    public const string EventAlert = "KubernetesEvent";

    private const string Nobody = "nobody";
    private const string Critical = "critical";
    private const string Warning = "warning";
    private const string Events = "events";
    private const string Info = "info";
    private const string SecondChannel = "second-channel";
    private const string Heartbeat = "heartbeat";

    // Alerts of the chart about Alertmanager's own failed deliveries.
    private const string DeliveryFails = "Alertmanager(Cluster)?FailedToSendAlerts";

    // What follows from a lost zone, from the chart's rules: none of these carries a zone.
    private const string ZoneNoise =
        "KubeNode.+|Kubelet.+|KubePodNotReady|KubeContainerWaiting|KubeDeployment.+|KubeStatefulSet.+|KubeDaemonSet.+|KubePdbNotEnoughHealthyPods|TargetDown|KubernetesEvent";

    /// <summary>The file, as values of the chart.</summary>
    public Dictionary<string, object> Values() => new()
    {
        ["global"] = new Dictionary<string, object> { ["resolve_timeout"] = "5m" },
        ["templates"] = new[] { "/etc/alertmanager/config/*.tmpl" },
        ["route"] = Root().Values(),
        ["inhibit_rules"] = Inhibitions.Select(inhibition => inhibition.Values()).ToArray(),
        ["receivers"] = Receivers().Select(receiver => receiver.Values()).ToArray(),
    };

    private static readonly ImmutableArray<Inhibition> Inhibitions =
    [
        // One problem of one object at two severities: the message about the worse one is enough. The objects must agree, or one full disk would
        // keep back the warning about another.
        new(["severity = \"critical\""], ["severity =~ \"warning|info\""], SameThing),
        new(["severity = \"warning\""], ["severity = \"info\""], SameThing),

        // A lost zone makes everything in it fail, so those warnings are muted. Critical alerts are always sent.
        new(["alertname =~ \"Zone.+\"", "severity = \"critical\"", "zone != \"\""], ["severity =~ \"warning|info\"", "alertname !~ \"Zone.+\""], ["zone"]),
        new(["alertname =~ \"Zone.+\"", "severity = \"critical\"", "zone != \"\""], ["severity =~ \"warning|info\"", $"alertname =~ \"{ZoneNoise}\""], []),

        // The chart's InfoInhibitor fires where nothing worse does: there, informational alerts are noise.
        new(["alertname = \"InfoInhibitor\""], ["severity = \"info\"", $"alertname != \"{EventAlert}\""], ["namespace"]),
    ];

    private static ImmutableArray<string> SameThing =>
        ["alertname", "namespace", "zone", "node", "instance", "pod", "container", "persistentvolumeclaim", "service", "device", "mountpoint"];

    private AlertRoute Root() => new(Warning)
    {
        GroupBy = ["alertname", "namespace", "severity"],
        GroupWait = TimeSpan.FromSeconds(30),
        GroupInterval = TimeSpan.FromMinutes(5),
        RepeatInterval = TimeSpan.FromHours(12),
        Routes =
        [
            // A heartbeat every two to three minutes, so that the alarm's period of five minutes always contains one.
            new(Heartbeat, "alertname = \"Watchdog\"")
            {
                GroupBy = ["alertname"],
                GroupWait = TimeSpan.Zero,
                GroupInterval = TimeSpan.FromMinutes(1),
                RepeatInterval = TimeSpan.FromMinutes(2),
            },
            new(Nobody, "alertname = \"InfoInhibitor\""),
            new(SecondChannel, $"alertname =~ \"{DeliveryFails}\"") { Continues = true, GroupBy = ["alertname"], RepeatInterval = TimeSpan.FromHours(1) },
            new(Events, $"alertname = \"{EventAlert}\"") { GroupBy = ["alertname", "namespace", "reason"], GroupWait = TimeSpan.FromMinutes(1), RepeatInterval = TimeSpan.FromDays(1) },
            new(Critical, "severity = \"critical\"")
            {
                GroupWait = TimeSpan.FromSeconds(15),
                GroupInterval = TimeSpan.FromMinutes(1),
                RepeatInterval = TimeSpan.FromHours(4),
                Routes = [.. args.Slack.Teams.Where(team => team.Critical is not null).Select(team => new AlertRoute($"critical-{team.Team}", $"team = \"{team.Team}\""))],
            },
            new(Info, "severity =~ \"info|none\"") { RepeatInterval = TimeSpan.FromDays(1) },
            .. args.Slack.Teams.Where(team => team.Warning is not null).Select(team => new AlertRoute($"warning-{team.Team}", $"team = \"{team.Team}\"")),
            // Its own route, not the root: the root only gets alerts that no other route matched, and failed deliveries have already gone to the second channel.
            new(Warning),
        ],
    };

    private IEnumerable<AlertReceiver> Receivers() =>
    [
        new(Nobody),
        new(Warning) { Slack = Slack(args.Slack.Warning) },
        .. args.Slack.Teams.Where(team => team.Warning is not null).Select(team => new AlertReceiver($"warning-{team.Team}") { Slack = Slack(team.Warning) }),
        new(Critical) { Slack = Slack(args.Slack.Critical), Topic = Topic(args.CriticalTopic, tellsResolved: true) },
        .. args.Slack.Teams.Where(team => team.Critical is not null).Select(team => new AlertReceiver($"critical-{team.Team}")
        {
            Slack = Slack(team.Critical),
            Topic = Topic(args.CriticalTopic, tellsResolved: true),
        }),
        new(Info) { Slack = Slack(args.Slack.Info) },
        // Events are never resolved.
        new(Events) { Slack = Slack(args.Slack.Warning, tellsResolved: false) },
        new(SecondChannel) { Topic = Topic(args.CriticalTopic, tellsResolved: true) },
        new(Heartbeat) { Topic = Topic(args.HeartbeatTopic, tellsResolved: false) },
    ];

    private SlackTarget? Slack(SlackChannel? channel, bool tellsResolved = true) =>
        args.Slack.Secret is null || channel is null ? null : new SlackTarget(channel, tellsResolved);

    private TopicTarget Topic(Input<string> arn, bool tellsResolved) => new(arn, args.Region, tellsResolved);
}
