namespace HaCluster.Stack.Settings.Edge;

/// <summary>The web application firewall in front of the gateway (<c>ha-cluster:edge.waf</c>).</summary>
public sealed record WafSettings
{
    // https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html
    private const int MinRate = 10;
    private const int MaxRate = 2_000_000_000;

    private static readonly Dictionary<string, WafAction> Actions = new(StringComparer.Ordinal)
    {
        ["block"] = WafAction.Block,
        ["count"] = WafAction.Count,
    };

    public required bool IsEnabled { get; init; }

    /// <summary>What happens to a request that a rule finds.</summary>
    public required WafAction Action { get; init; }

    /// <summary>Requests that one client address may make in five minutes.</summary>
    public required int RequestsPerFiveMinutes { get; init; }

    /// <summary>Matched requests in five minutes, from all addresses, that trigger the alarm.</summary>
    public required int AlarmPerFiveMinutes { get; init; }

    /// <summary>Days that CloudWatch keeps the requests that were found.</summary>
    public required int LogRetentionDays { get; init; }

    public static WafSettings Read(SettingsReader reader)
    {
        var settings = new WafSettings
        {
            IsEnabled = reader.Boolean(
                "enabled",
                "Whether to use AWS WAF. Every site must then be in one of edge.hostedZones, at most 26 sites.",
                false),
            Action = reader.Choice(
                "action",
                "block answers with status 403; count only logs what it finds. Begin with count, and read the log for a week.",
                WafAction.Block, Actions),
            RequestsPerFiveMinutes = reader.Int32(
                "requestsPerFiveMinutes",
                "Requests that one client address may make in five minutes.",
                2_000, MinRate, MaxRate),
            AlarmPerFiveMinutes = reader.Int32(
                "alarmPerFiveMinutes",
                "Number of matched requests in five minutes, from all addresses, that triggers a mail to monitoring.criticalEmails.",
                1_000, 1, MaxRate),
            LogRetentionDays = LogRetention.Read(
                reader,
                "logRetentionDays",
                "Days that CloudWatch keeps the matched requests, without their authorization and cookie headers.", 30),
        };
        reader.Close();
        return settings;
    }
}

/// <summary>What the firewall does with a request that a rule finds.</summary>
public enum WafAction
{
    /// <summary>Answers 403 itself.</summary>
    Block,

    /// <summary>Logs matched requests and lets them pass, to see what would be blocked.</summary>
    Count,
}
