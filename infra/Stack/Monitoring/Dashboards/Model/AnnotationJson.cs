using System.Text.Json.Nodes;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>Annotations as Grafana reads them; the first is Grafana's own, of what people mark by hand.</summary>
internal static class AnnotationJson
{
    // Step of the query: marks last 5 minutes, so none is missed between two steps.
    private const string Step = "1m";

    public static JsonArray Of(IEnumerable<Annotation> annotations) => [MarkedByHand(), .. annotations.Select(Of)];

    private static JsonObject MarkedByHand() => new()
    {
        ["builtIn"] = 1,
        ["datasource"] = new JsonObject { ["type"] = "grafana", ["uid"] = "-- Grafana --" },
        ["enable"] = true,
        ["hide"] = true,
        ["iconColor"] = "rgba(0, 211, 255, 1)",
        ["name"] = "Annotations & Alerts",
        ["type"] = "dashboard",
    };

    private static JsonObject Of(Annotation annotation) => new()
    {
        ["name"] = annotation.Name,
        ["datasource"] = DataSource.Chosen(),
        ["enable"] = true,
        ["hide"] = false,
        ["iconColor"] = annotation.Color,
        ["target"] = new JsonObject { ["refId"] = "Marks", ["expr"] = annotation.Expression, ["interval"] = Step },
        ["titleFormat"] = annotation.Title,
    };
}
