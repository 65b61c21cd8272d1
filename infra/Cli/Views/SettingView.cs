using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A setting, or a section with its settings.</summary>
internal static class SettingView
{
    public static void Show(IAnsiConsole console, SettingHelp setting)
    {
        console.MarkupLineInterpolated($"[bold]{setting.Key}[/]");
        console.Write(new Padder(new Prose(setting.About)).Padding(2, 0, 0, 1));

        var facts = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        facts.AddRow(new Text("type"), new Prose(setting.Type));
        if (!setting.IsSection)
            facts.AddRow(new Text("default"), new Prose(Value(setting.Default) ?? (setting.IsOptional ? "none: it may be left out" : "none: it must be set where it is needed")));
        if (setting.Expected is { } expected)
            facts.AddRow(new Text("expected"), new Prose(expected));
        console.Write(facts);

        if (setting.IsSection)
        {
            console.WriteLine();
            List(console, setting.Children);
        }

        ShowExample(console, setting);
    }

    /// <summary>One line each, with the default where there is one.</summary>
    public static void List(IAnsiConsole console, IEnumerable<SettingHelp> settings)
    {
        var rows = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var setting in settings)
        {
            var value = Value(setting.Default);
            rows.AddRow(new Text(setting.Name + (setting.IsSection ? "." : "")), new Prose(setting.About + (value is null ? "" : $" [{value}]")));
        }

        console.Write(rows);
    }

    // Not wrapped, so that it can be copied.
    private static void ShowExample(IAnsiConsole console, SettingHelp setting)
    {
        console.WriteLine();
        console.WriteRaw("  in the stack file:");
        foreach (var line in setting.Example())
            console.WriteRaw("    " + line);
        if (setting.Command() is { } command)
        {
            console.WriteRaw("  or:");
            console.WriteRaw("    " + command);
        }
    }

    private static string? Value(JsonNode? value) => value switch
    {
        null => null,
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.ToString() is { Length: > 0 } some ? some : "empty",
        JsonArray { Count: 0 } => "empty",
        JsonArray list => string.Join(", ", list.Select(item => item!.ToString())),
        _ => value.ToJsonString(),
    };
}
