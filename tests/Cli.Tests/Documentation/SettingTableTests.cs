using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>The tables of settings in the page of the program are what the settings' own documentation says.</summary>
public sealed class SettingTableTests
{
    private const string Path = "infra/Stack/README.md";
    private const string Begin = "<!-- settings: generated -->\n";
    private const string End = "<!-- settings: end -->\n";

    [Fact]
    public void The_page_lists_every_setting_as_the_schema_describes_it()
    {
        var page = new Page(Path).Text;
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= Begin.Length && to >= from, $"{Path} has no place for the table");
        var table = Tables();
        if (Environment.GetEnvironmentVariable("HA_WRITE_PAGES") == "1")
            File.WriteAllText(Page.FullPathOf(Path), page[..from] + table + page[to..]);
        else
            Assert.True(table == page[from..to], $"{Path} is out of date; write it again: HA_WRITE_PAGES=1 dotnet test tests/Cli.Tests --filter FullyQualifiedName~SettingTableTests");
    }

    /// <summary>Settings of the top level first, then a table for each section.</summary>
    private static string Tables()
    {
        // Held equal to what the program says by the tests of the program.
        var schema = JsonNode.Parse(File.ReadAllText(Page.FullPathOf("infra/Stack/Settings/settings.schema.json")))!.AsObject();
        var top = new SettingGuide(schema, "ha-cluster").Top.OrderBy(setting => setting.Key, StringComparer.Ordinal).ToList();
        var text = new StringBuilder("\n### At the top\n\n");
        Table(text, top.Where(setting => !HasChildren(setting)), prefix: "");
        foreach (var section in top.Where(HasChildren))
        {
            text.Append($"### {Short(section.Key)}\n\n{section.About}\n\n");
            Table(text, section.Children.SelectMany(Tree), Short(section.Key) + ".");
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, IEnumerable<SettingHelp> settings, string prefix)
    {
        text.Append("| key | type | default | what it is |\n|---|---|---|---|\n");
        foreach (var setting in settings)
            text.Append($"| `{Short(setting.Key)[prefix.Length..]}` | {Cell(setting.Type)} | {Default(setting)} | {Cell(setting.About)} |\n");
        text.Append('\n');
    }

    private static IEnumerable<SettingHelp> Tree(SettingHelp setting) => HasChildren(setting) ? setting.Children.SelectMany(Tree).Prepend(setting) : [setting];

    private static bool HasChildren(SettingHelp setting) => setting.Children.Any();

    private static string Short(string key) => key.StartsWith("ha-cluster:", StringComparison.Ordinal) ? key["ha-cluster:".Length..] : key;

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Default(SettingHelp setting) => setting.Default switch
    {
        null => "",
        JsonArray { Count: 0 } => "none",
        JsonValue text when text.GetValueKind() == JsonValueKind.String && text.ToString().Length == 0 => "none",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => $"`{text}`",
        JsonArray list => string.Join(", ", list.Select(item => $"`{item}`")),
        var value => $"`{value.ToJsonString()}`",
    };
}
