using System.Globalization;
using System.Text.Json.Nodes;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>An alert as Prometheus sends it.</summary>
internal sealed record TestAlert(string Name, string Severity, params (string Key, string Value)[] Labels)
{
    public string Summary { get; init; } = "Something is wrong";

    public string Description { get; init; } = "It should not be so";

    /// <summary>Whether it is over.</summary>
    public bool IsResolved { get; init; }

    public JsonObject Json()
    {
        var labels = new JsonObject { ["alertname"] = Name, ["severity"] = Severity, ["cluster"] = "ha-cluster-prod" };
        foreach (var (key, value) in Labels)
            labels[key] = value;
        return new JsonObject
        {
            ["labels"] = labels,
            ["annotations"] = new JsonObject
            {
                ["summary"] = Summary,
                ["description"] = Description,
                ["runbook_url"] = $"https://example.com/runbooks/{Name}.md",
                ["dashboard_url"] = "https://grafana.example.com/d/nodes",
            },
            ["startsAt"] = DateTime.UtcNow.AddSeconds(IsResolved ? -2 : 0).ToString("O", CultureInfo.InvariantCulture),
            ["endsAt"] = DateTime.UtcNow.AddSeconds(IsResolved ? -1 : 3600).ToString("O", CultureInfo.InvariantCulture),
            ["generatorURL"] = "http://localhost:9090/graph?g0.expr=up+%3D%3D+0",
        };
    }
}
