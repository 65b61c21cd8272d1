using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>
/// A dashboard as Grafana provisions it
/// (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/).
/// </summary>
public static class DashboardJson
{
    // Of Grafana 13 (defaultDashboard in the package @grafana/schema 13.2.3). A newer Grafana migrates a dashboard when it loads it.
    private const int SchemaVersion = 42;
    private const int SharedCrosshair = 1;

    // It is not embedded in HTML, and > or " in a query must stay readable in a diff.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Dashboard dashboard) => new JsonObject
    {
        ["uid"] = dashboard.Uid,
        ["title"] = dashboard.Title,
        ["description"] = dashboard.Description,
        ["tags"] = new JsonArray("ha-cluster"),
        ["schemaVersion"] = SchemaVersion,
        ["editable"] = false,
        ["graphTooltip"] = SharedCrosshair,
        ["refresh"] = "1m",
        ["time"] = new JsonObject { ["from"] = "now-6h", ["to"] = "now" },
        ["timezone"] = "browser",
        ["links"] = new JsonArray(OtherDashboards()),
        ["templating"] = new JsonObject { ["list"] = VariableJson.Of(dashboard.Variables) },
        ["annotations"] = new JsonObject { ["list"] = AnnotationJson.Of(dashboard.Annotations) },
        ["panels"] = PanelJson.Of(DashboardLayout.Place(dashboard.Rows)),
    }.ToJsonString(Readable);

    private static JsonObject OtherDashboards() => new()
    {
        ["type"] = "dashboards",
        ["title"] = "Cluster",
        ["icon"] = "external link",
        ["tooltip"] = "",
        ["targetBlank"] = false,
        ["tags"] = new JsonArray("ha-cluster"),
        ["asDropdown"] = true,
        ["includeVars"] = false,
        ["keepTime"] = true,
    };
}
