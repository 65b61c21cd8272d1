using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>Panels and the rows above them as Grafana reads them.</summary>
internal static class PanelJson
{
    public static JsonArray Of(IEnumerable<PlacedRow> rows)
    {
        var panels = new JsonArray();
        foreach (var row in rows)
        {
            panels.Add((JsonNode)Heading(row, panels.Count + 1));
            foreach (var placed in row.Panels)
                panels.Add((JsonNode)Of(placed, panels.Count + 1));
        }

        return panels;
    }

    private static JsonObject Heading(PlacedRow row, int id) => new()
    {
        ["id"] = id,
        ["type"] = "row",
        ["title"] = row.Title,
        ["collapsed"] = false,
        ["gridPos"] = Position(0, row.Y, Panel.FullWidth, 1),
        ["panels"] = new JsonArray(),
    };

    private static JsonObject Of(PlacedPanel placed, int id)
    {
        var panel = placed.Panel;
        var json = new JsonObject
        {
            ["id"] = id,
            ["type"] = PanelStyle.TypeOf(panel.Kind),
            ["title"] = panel.Title,
            ["description"] = panel.Description,
            ["datasource"] = DataSource.Chosen(),
            ["gridPos"] = Position(placed.X, placed.Y, panel.Width, panel.Height),
            ["fieldConfig"] = new JsonObject { ["defaults"] = Defaults(panel), ["overrides"] = new JsonArray() },
            ["options"] = PanelStyle.OptionsOf(panel.Kind),
            ["targets"] = new JsonArray([.. panel.Targets.Select((target, index) => Of(target, panel.Kind, index))]),
        };
        if (panel.Kind == PanelKind.Table)
            json["transformations"] = PanelStyle.OneLineASeries();
        return json;
    }

    private static JsonObject Defaults(Panel panel) => new()
    {
        ["unit"] = panel.Unit.Id,
        ["custom"] = PanelStyle.CustomOf(panel.Kind),
        ["color"] = new JsonObject { ["mode"] = panel.Thresholds.IsEmpty ? "palette-classic" : PanelStyle.ColorModeOf(panel.Kind) },
        ["thresholds"] = new JsonObject { ["mode"] = "absolute", ["steps"] = Steps(panel.Thresholds) },
    };

    private static JsonArray Steps(ImmutableArray<Threshold> thresholds) =>
        thresholds.IsEmpty
            ? [Step(new Threshold(null, "green"))]
            : [.. thresholds.Select(Step)];

    private static JsonObject Step(Threshold threshold) => new() { ["color"] = threshold.Color, ["value"] = threshold.From };

    private static JsonObject Of(Target target, PanelKind kind, int index)
    {
        var isInstant = kind is PanelKind.Stat or PanelKind.BarGauge or PanelKind.Table;
        return new JsonObject
        {
            ["refId"] = ((char)('A' + index)).ToString(),
            ["datasource"] = DataSource.Chosen(),
            ["editorMode"] = "code",
            ["expr"] = target.Expression,
            ["legendFormat"] = target.Legend,
            ["instant"] = isInstant,
            ["range"] = !isInstant,
            ["format"] = kind switch { PanelKind.Table => "table", PanelKind.Heatmap => "heatmap", _ => "time_series" },
        };
    }

    private static JsonObject Position(int x, int y, int width, int height) => new() { ["x"] = x, ["y"] = y, ["w"] = width, ["h"] = height };
}
