using System.Text.Json.Nodes;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>How each kind of panel looks: the options of Grafana's own panels (https://github.com/grafana/grafana/tree/main/public/app/plugins/panel).</summary>
internal static class PanelStyle
{
    public static string TypeOf(PanelKind kind) => kind switch
    {
        PanelKind.TimeSeries => "timeseries",
        PanelKind.Stat => "stat",
        PanelKind.BarGauge => "bargauge",
        PanelKind.Table => "table",
        PanelKind.Heatmap => "heatmap",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no type in Grafana"),
    };

    public static string ColorModeOf(PanelKind kind) => kind == PanelKind.TimeSeries ? "palette-classic" : "thresholds";

    public static JsonObject OptionsOf(PanelKind kind) => kind switch
    {
        PanelKind.TimeSeries => new()
        {
            ["legend"] = new JsonObject { ["displayMode"] = "table", ["placement"] = "bottom", ["showLegend"] = true, ["calcs"] = new JsonArray("lastNotNull", "max") },
            ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
        },
        PanelKind.Stat => new()
        {
            ["reduceOptions"] = Latest(),
            ["colorMode"] = "background",
            ["graphMode"] = "none",
            ["textMode"] = "auto",
            ["justifyMode"] = "auto",
            ["orientation"] = "auto",
        },
        PanelKind.BarGauge => new()
        {
            ["reduceOptions"] = Latest(),
            ["displayMode"] = "basic",
            ["orientation"] = "horizontal",
            ["showUnfilled"] = true,
        },
        PanelKind.Table => new() { ["showHeader"] = true, ["cellHeight"] = "sm" },
        PanelKind.Heatmap => new()
        {
            ["calculate"] = false,
            ["cellGap"] = 1,
            ["color"] = new JsonObject { ["mode"] = "scheme", ["scheme"] = "Oranges", ["steps"] = 64 },
            ["yAxis"] = new JsonObject { ["unit"] = "s" },
            ["tooltip"] = new JsonObject { ["mode"] = "single", ["yHistogram"] = true },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no options in Grafana"),
    };

    public static JsonObject CustomOf(PanelKind kind) => kind switch
    {
        PanelKind.TimeSeries => new()
        {
            ["drawStyle"] = "line",
            ["fillOpacity"] = 10,
            ["lineWidth"] = 1,
            ["showPoints"] = "never",
            ["spanNulls"] = false,
            ["thresholdsStyle"] = new JsonObject { ["mode"] = "line" },
        },
        PanelKind.Table => new() { ["align"] = "auto", ["cellOptions"] = new JsonObject { ["type"] = "color-text" } },
        _ => [],
    };

    /// <summary>Joins the answers of a table's queries into one line per series, without the moment of the answer.</summary>
    public static JsonArray OneLineASeries() =>
    [
        new JsonObject { ["id"] = "merge", ["options"] = new JsonObject() },
        new JsonObject
        {
            ["id"] = "organize",
            ["options"] = new JsonObject { ["excludeByName"] = new JsonObject { ["Time"] = true } },
        },
    ];

    private static JsonObject Latest() => new() { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false };
}
