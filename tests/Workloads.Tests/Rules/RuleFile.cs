using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Stack.Monitoring.Rules;
using HaCluster.Stack.Settings.Monitoring;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>Rules in the form that Prometheus reads. It reads YAML, and JSON is YAML.</summary>
internal static class RuleFile
{
    public static string Of(IEnumerable<RuleGroup> groups) => Of(groups, duration => duration);

    /// <param name="wait">What becomes of the times that alerts wait before they fire.</param>
    public static string Of(IEnumerable<RuleGroup> groups, Func<string, string> wait) => new JsonObject
    {
        ["groups"] = new JsonArray([.. groups.Select(group => Group(group, wait))]),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonObject Group(RuleGroup group, Func<string, string> wait) => new()
    {
        ["name"] = group.Name,
        ["rules"] = new JsonArray(
        [
            .. group.Records.Select(record => new JsonObject
            {
                ["record"] = record.Series,
                ["expr"] = record.Expression,
                ["labels"] = Map(record.Labels),
            }),
            .. group.Alerts.Select(alert => new JsonObject
            {
                ["alert"] = alert.Name,
                ["expr"] = alert.Expression,
                ["for"] = wait(alert.For),
                ["labels"] = new JsonObject { ["severity"] = alert.Severity, ["team"] = alert.Team },
                ["annotations"] = new JsonObject
                {
                    ["summary"] = alert.Summary,
                    ["description"] = alert.Description,
                    ["runbook_url"] = $"{MonitoringLinks.RunbookFolder}/{alert.Name}.md",
                    ["dashboard_url"] = $"http://localhost:3000/d/{alert.Dashboard}",
                },
            }),
        ]),
    };

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
}
