using System.Text.Json.Nodes;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>Variables as Grafana reads them.</summary>
internal static class VariableJson
{
    private const int Shown = 0, Hidden = 2;
    private const int OnOpening = 1, OnTimeRange = 2;
    private const int Alphabetical = 1;

    public static JsonArray Of(IEnumerable<Variable> variables) => [ChoiceOfDataSource(), .. variables.Select(Of)];

    private static JsonObject ChoiceOfDataSource() => new()
    {
        ["name"] = DataSource.Variable,
        ["label"] = "Data source",
        ["type"] = "datasource",
        ["query"] = DataSource.Type,
        ["current"] = new JsonObject { ["text"] = DataSource.Default, ["value"] = DataSource.DefaultUid },
        ["hide"] = Shown,
        ["multi"] = false,
        ["includeAll"] = false,
        ["refresh"] = OnOpening,
        ["regex"] = "",
        ["options"] = new JsonArray(),
    };

    private static JsonObject Of(Variable variable) => new()
    {
        ["name"] = variable.Name,
        ["label"] = variable.Label,
        ["type"] = "query",
        ["datasource"] = DataSource.Chosen(),
        ["query"] = new JsonObject { ["query"] = variable.Query, ["refId"] = variable.Name },
        ["regex"] = variable.Pattern,
        ["hide"] = variable.IsHidden ? Hidden : Shown,
        ["multi"] = false,
        ["includeAll"] = false,
        ["refresh"] = variable.FollowsTimeRange ? OnTimeRange : OnOpening,
        ["sort"] = Alphabetical,
        ["options"] = new JsonArray(),
    };
}
