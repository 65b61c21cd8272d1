using System.Text.Json.Nodes;
using HaCluster.Stack.Monitoring.Dashboards.Catalog;
using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Settings;

namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>A dashboard as Grafana gets it, with the queries in it.</summary>
internal sealed record DashboardFile(string Uid, JsonObject Json)
{
    private static readonly ServiceGroup Shop = new()
    {
        Name = "site-shop",
        Namespace = "site-shop",
        Workload = "shop",
        Pods = "shop-.*",
        Team = "platform",
        Objective = 0.999m,
        Requests = "shop_requests_total",
        Errors = "shop_errors_total",
        LatencySeconds = "shop_latency_seconds",
    };

    // Names and regular expressions as awkward as they can become.
    private static readonly ServiceGroup Awkward = Shop with { Name = "bitcoin-rpc", Namespace = "chains", Pods = @"bitcoin-rpc-[a-z0-9]+-\w{5}$" };

    /// <summary>All that there are: everything is switched on.</summary>
    public static IReadOnlyList<DashboardFile> All { get; } =
    [
        .. DashboardCatalog.For(Everything(), [Shop, Awkward])
            .Select(dashboard => new DashboardFile(dashboard.Uid, JsonNode.Parse(DashboardJson.Of(dashboard))!.AsObject())),
    ];

    public IEnumerable<JsonObject> Panels => Objects(Json["panels"]).Where(panel => Text(panel, "type") != "row");

    public IEnumerable<JsonObject> Variables => Objects(Json["templating"]!["list"]);

    public IEnumerable<JsonObject> Annotations => Objects(Json["annotations"]!["list"]).Where(annotation => annotation["builtIn"] is null);

    public static DashboardFile Of(string uid) => Assert.Single(All, dashboard => dashboard.Uid == uid);

    /// <summary>Every query, as it is written, with where it stands.</summary>
    public IEnumerable<(string Place, string Query)> Queries() =>
    [
        .. from panel in Panels
           from target in Objects(panel["targets"])
           select ($"{Uid}: {Text(panel, "title")} {Text(target, "refId")}", Text(target, "expr")),
        .. Annotations.Select(annotation => ($"{Uid}: annotation {Text(annotation, "name")}", Text(annotation["target"]!.AsObject(), "expr"))),
        .. from variable in Variables
           where Text(variable, "type") == "query"
           select ($"{Uid}: variable {Text(variable, "name")}", GrafanaQuery.ExpressionOf(variable["query"]!["query"]!.GetValue<string>())),
    ];

    private static StackSettings Everything()
    {
        var problems = new SettingsProblems();
        var settings = StackSettings.Read(
            SettingsReader.Root("ha-cluster", new Dictionary<string, string>(), new HashSet<string>(), problems), "eu-central-1", "ha-cluster-test");
        Assert.Empty(problems.Messages);
        return settings;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => list!.AsArray().Select(item => item!.AsObject());

    private static string Text(JsonObject item, string name) => item[name]!.GetValue<string>();
}
