using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Tests.Dashboards;

/// <summary>Every dashboard is one that Grafana shows as it is meant.</summary>
public sealed partial class DashboardShapeTests
{
    private const int Columns = 24;

    public static TheoryData<string> Uids => ["ha-chains", "ha-cluster", "ha-databases", "ha-finance", "ha-logs", "ha-payments", "ha-services"];

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task It_is_known_by_a_fixed_identifier_and_has_a_title(string uid)
    {
        var dashboard = await DashboardAsync(uid);
        Assert.Equal(uid, Text(dashboard, "uid"));
        Assert.NotEqual("", Text(dashboard, "title"));
        Assert.True((int)dashboard["schemaVersion"]! >= 36);
        Assert.Null(dashboard["id"]);
    }

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task No_panel_covers_another_or_leaves_the_grid(string uid)
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (var panel in await PanelsAsync(uid))
        {
            var place = panel["gridPos"]!;
            var (left, top, width, height) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
            Assert.InRange(left, 0, Columns - 1);
            Assert.InRange(left + width, 1, Columns);
            for (var x = left; x < left + width; x++)
                for (var y = top; y < top + height; y++)
                    Assert.True(taken.Add((x, y)), $"{Text(panel, "title")} covers another panel at {x}, {y}");
        }
    }

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task Every_panel_says_what_it_is_in_which_unit_and_what_to_make_of_it(string uid)
    {
        foreach (var panel in await PanelsAsync(uid))
        {
            Assert.NotEqual("", Text(panel, "title"));
            if (Text(panel, "type") == "row")
                continue;
            Assert.Matches(@"\.\z", Text(panel, "description"));
            Assert.NotEqual("", Text(panel["fieldConfig"]!["defaults"]!.AsObject(), "unit"));
            var targets = panel["targets"]!.AsArray();
            Assert.NotEmpty(targets);
            Assert.Equal(targets.Count, targets.Select(target => Text(target!.AsObject(), "refId")).Distinct().Count());
            Assert.All(targets, target => Assert.NotEqual("", Text(target!.AsObject(), "legendFormat")));
        }
    }

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task Panels_have_numbers_of_their_own(string uid)
    {
        var ids = (await PanelsAsync(uid)).Select(panel => (int)panel["id"]!).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.InRange(id, 1, int.MaxValue));
    }

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task Thresholds_begin_at_the_bottom_and_rise(string uid)
    {
        foreach (var panel in (await PanelsAsync(uid)).Where(panel => Text(panel, "type") != "row"))
        {
            var from = panel["fieldConfig"]!["defaults"]!["thresholds"]!["steps"]!.AsArray().Select(step => (double?)step!["value"]).ToList();
            Assert.Null(from[0]);
            Assert.Equal(from.Skip(1).Order(), from.Skip(1));
            Assert.All(from.Skip(1), step => Assert.NotNull(step));
        }
    }

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task Every_query_goes_to_the_chosen_Prometheus(string uid)
    {
        var dashboard = await DashboardAsync(uid);
        var choice = dashboard["templating"]!["list"]![0]!.AsObject();
        Assert.Equal(("datasource", "datasource", "prometheus"), (Text(choice, "name"), Text(choice, "type"), Text(choice, "query")));
        var asked = (await PanelsAsync(uid)).Where(panel => Text(panel, "type") != "row").SelectMany(panel => panel["targets"]!.AsArray().Append(panel))
            .Concat(dashboard["annotations"]!["list"]!.AsArray().Skip(1))
            .Concat(dashboard["templating"]!["list"]!.AsArray().Skip(1));
        Assert.All(asked, one => Assert.Equal("${datasource}", (string?)one!["datasource"]!["uid"]));
    }

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task Legends_name_labels_that_the_query_keeps(string uid)
    {
        foreach (var panel in (await PanelsAsync(uid)).Where(panel => Text(panel, "type") != "row"))
        {
            foreach (var target in panel["targets"]!.AsArray().Select(target => target!.AsObject()))
                Assert.All(Placeholder().Matches(Text(target, "legendFormat")), label => Assert.Contains(label.Groups[1].Value, Text(target, "expr"), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Releases_are_marked_on_the_services()
    {
        var marks = (await DashboardAsync("ha-services"))["annotations"]!["list"]!.AsArray();
        Assert.Contains(marks, mark => Text(mark!.AsObject(), "name") == "Releases" && (bool)mark!["enable"]!);
        Assert.Contains(marks, mark => (int?)mark!["builtIn"] == 1);
    }

    private static async Task<JsonObject> DashboardAsync(string uid) => (await DashboardStack.AllAsync())[uid];

    private static async Task<IReadOnlyList<JsonObject>> PanelsAsync(string uid) =>
        [.. (await DashboardAsync(uid))["panels"]!.AsArray().Select(panel => panel!.AsObject())];

    private static string Text(JsonObject json, string name) => (string)json[name]!;

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
