using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaCluster.Stack.Monitoring.Rules;
using HaCluster.Stack.Settings.Monitoring;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>A case as the file that <c>promtool test rules</c> takes.</summary>
internal static partial class RuleTestFile
{
    public static string Of(RuleCase @case, AlertRule alert, string ruleFile) => new JsonObject
    {
        ["rule_files"] = new JsonArray(ruleFile),
        ["evaluation_interval"] = @case.Interval,
        ["tests"] = new JsonArray(
            Test(@case, "fires", @case.Firing, new JsonArray(Expected(@case, alert))),
            Test(@case, "is silent", @case.Silent, [])),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonObject Test(RuleCase @case, string name, (string Series, string Values)[] recording, JsonArray expected) => new()
    {
        ["name"] = $"{@case.Alert} {name}",
        ["interval"] = @case.Interval,
        ["input_series"] = new JsonArray([.. recording.Select(entry => new JsonObject { ["series"] = entry.Series, ["values"] = Spell(entry.Values) })]),
        ["alert_rule_test"] = new JsonArray(new JsonObject
        {
            ["eval_time"] = @case.At,
            ["alertname"] = @case.Alert,
            ["exp_alerts"] = expected,
        }),
    };

    private static JsonObject Expected(RuleCase @case, AlertRule alert)
    {
        var labels = @case.LabelsByName;
        var all = new JsonObject { ["severity"] = alert.Severity };
        if (alert.Team != AlertTeam.OfService)
            all["team"] = alert.Team;
        foreach (var (name, value) in labels)
            all[name] = value;
        return new JsonObject
        {
            ["exp_labels"] = all,
            ["exp_annotations"] = new JsonObject
            {
                ["summary"] = Render(alert.Summary, labels, @case.Value),
                ["description"] = Render(alert.Description, labels, @case.Value),
                ["runbook_url"] = $"{MonitoringLinks.RunbookFolder}/{alert.Name}.md",
                ["dashboard_url"] = $"http://localhost:3000/d/{alert.Dashboard}",
            },
        };
    }

    private static string Render(string template, IReadOnlyDictionary<string, string> labels, string? value)
    {
        var withLabels = Label().Replace(template, match => labels.GetValueOrDefault(match.Groups[1].Value, ""));
        return Value().Replace(withLabels, value ?? "a value that the case does not name");
    }

    // Promtool repeats numbers, and NaN only when it is spelt out.
    private static string Spell(string values) =>
        Repeated().Replace(values, match => string.Join(' ', Enumerable.Repeat("NaN", int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))));

    [GeneratedRegex(@"NaNx(\d+)")]
    private static partial Regex Repeated();

    [GeneratedRegex(@"\{\{ \$labels\.(\w+) \}\}")]
    private static partial Regex Label();

    [GeneratedRegex(@"\{\{ \$value[^}]*\}\}")]
    private static partial Regex Value();
}
