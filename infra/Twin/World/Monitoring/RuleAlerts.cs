using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>Alerts of rules: pending while their condition holds, firing when it has held for long enough. Looked at with every change of the world.</summary>
internal sealed partial class RuleAlerts
{
    private readonly World _world;
    private readonly AlertConditions _conditions;
    private readonly Lock _gate = new();
    private Dictionary<string, RuleAlert> _alerts = new(StringComparer.Ordinal);

    public RuleAlerts(World world, RuleBook rules)
    {
        (_world, _conditions, Rules) = (world, new AlertConditions(world), rules);
        world.Changed += Look;
        // What is wrong from the start is wrong since then.
        Now();
    }

    public RuleBook Rules { get; }

    /// <summary>Those that are pending or firing now.</summary>
    public IReadOnlyList<RuleAlert> Now()
    {
        // Some conditions become true by the passing of time alone.
        var now = _world.Act(run =>
        {
            Look();
            return run.Now;
        });
        lock (_gate)
            return [.. _alerts.Values.Select(alert => alert with { IsFiring = now - alert.Since >= alert.For })];
    }

    /// <summary>While the world is locked.</summary>
    private void Look()
    {
        var now = _world.Run.Now;
        var holding = new Dictionary<string, RuleAlert>(StringComparer.Ordinal);
        foreach (var series in _conditions.Holding())
        {
            if (Rules.Find(series.Alert) is not { } rule)
                continue;
            var alert = Describe(rule, series, now);
            holding[alert.Key] = alert;
        }

        lock (_gate)
        {
            foreach (var (key, alert) in holding.ToList())
            {
                if (_alerts.TryGetValue(key, out var known))
                    holding[key] = alert with { Since = known.Since, ActiveAt = known.ActiveAt };
            }

            _alerts = holding;
        }
    }

    private RuleAlert Describe(AlertDefinition rule, AlertSeries series, TimeSpan now)
    {
        var labels = Json.Map(("alertname", rule.Name));
        foreach (var (name, value) in series.Labels)
            labels[name] = value;
        foreach (var (name, value) in rule.Labels)
            labels[name] = Fill(value, series);
        return new RuleAlert(labels, Json.Map(rule.Annotations.Select(one => KeyValuePair.Create(one.Key, Fill(one.Value, series)))), rule.For)
        {
            Since = now,
            ActiveAt = _world.Clock.At(now),
            FiresAt = _world.Clock.At(now + rule.For),
            Value = series.Value,
        };
    }

    /// <summary>https://prometheus.io/docs/prometheus/latest/configuration/template_reference/, as far as the rules use it.</summary>
    private static string Fill(string template, AlertSeries series) => Placeholder().Replace(template, match => match.Groups["label"].Success
        ? series.Labels.GetValueOrDefault(match.Groups["label"].Value, "")
        : match.Groups["form"].Value switch
        {
            "humanizePercentage" => string.Create(CultureInfo.InvariantCulture, $"{series.Value * 100:0.###}%"),
            "humanizeDuration" => Kubernetes.Tables.HumanDuration.Of(TimeSpan.FromSeconds(series.Value)),
            _ => string.Create(CultureInfo.InvariantCulture, $"{series.Value:0.###}"),
        });

    [GeneratedRegex(@"\{\{\s*(?:\$labels\.(?<label>\w+)|\$value(?:\s*\|\s*(?<form>\w+))?)\s*\}\}")]
    private static partial Regex Placeholder();
}

/// <summary>An alert of a rule.</summary>
internal sealed record RuleAlert(JsonObject Labels, JsonObject Annotations, TimeSpan For)
{
    /// <summary>Since when its condition holds, in virtual time.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>The same, of the clock.</summary>
    public DateTimeOffset ActiveAt { get; init; }

    public DateTimeOffset FiresAt { get; init; }

    public double Value { get; init; }

    public bool IsFiring { get; init; }

    /// <summary>Equal labels are the same alert.</summary>
    public string Key { get; } = Labels.ToJsonString();
}
