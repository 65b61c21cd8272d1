using System.Globalization;
using HaCluster.Engine.Values;
using HaCluster.Planning;
using HaCluster.Planning.Differences;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The difference of two plans. Replacements come first, because they do the most harm.</summary>
internal static class PlanDifferenceView
{
    private const int MaxValues = 4;
    private const int LongestValue = 60;

    public static void Show(IAnsiConsole console, PlanDifference difference, bool showsAll)
    {
        var other = difference.Before.Project == difference.After.Project ? "" : $" of {difference.Before.Project}";
        console.ProseLineInterpolated(
            $"[bold]{difference.After.Project}[/], stack [bold]{difference.After.Stack}[/] compared with stack [bold]{difference.Before.Stack}[/]{other}");
        ShowChanged(console, "Replaced: created again, then deleted", difference, ResourceChange.Replaced, "[red]+-[/]", showsAll);
        ShowChanged(console, "May be replaced: ha cannot tell; run pulumi preview", difference, ResourceChange.MaybeReplaced, "[yellow]~?[/]", showsAll);
        ShowChanged(console, "Changed in place", difference, ResourceChange.Updated, "[yellow]~[/]", showsAll);
        ShowNames(console, "Added", difference, ResourceChange.Added, "[green]+[/]");
        ShowNames(console, "Removed", difference, ResourceChange.Removed, "[red]-[/]");
        console.WriteLine();
        console.ProseLine(difference.Resources.IsEmpty
            ? $"[bold green]no difference[/] in {Wording.Count(difference.Unchanged, "resource")}"
            : string.Join(", ", Counts(difference)) + $", {difference.Unchanged} unchanged");
    }

    private static IEnumerable<string> Counts(PlanDifference difference)
    {
        foreach (var (change, name, colour) in new[]
        {
            (ResourceChange.Replaced, "replaced", "bold red"), (ResourceChange.MaybeReplaced, "maybe replaced", "bold yellow"),
            (ResourceChange.Updated, "changed in place", "yellow"), (ResourceChange.Added, "added", "green"), (ResourceChange.Removed, "removed", "red"),
        })
        {
            if (difference.Count(change) is > 0 and var count)
                yield return string.Create(CultureInfo.InvariantCulture, $"[{colour}]{count} {name}[/]");
        }
    }

    private static void ShowNames(IAnsiConsole console, string heading, PlanDifference difference, ResourceChange change, string sign)
    {
        if (difference.Count(change) == 0)
            return;
        Listing.Heading(console, heading);
        foreach (var resource in difference.Resources.Where(resource => resource.Change == change))
            Line(console, Prose.OfMarkup(sign), new Prose(resource.Label));
    }

    private static void ShowChanged(IAnsiConsole console, string heading, PlanDifference difference, ResourceChange change, string sign, bool showsAll)
    {
        if (difference.Count(change) == 0)
            return;
        Listing.Heading(console, heading);
        foreach (var resource in difference.Resources.Where(resource => resource.Change == change))
        {
            var notes = (resource.Node.Options.Protect == true && change != ResourceChange.Updated ? ", protected: Pulumi refuses to replace it" : "")
                + (resource.Node.Options.DeleteBeforeReplace == true && change != ResourceChange.Updated ? ", deleted before it is created again" : "");
            Line(console, Prose.OfMarkup(sign), Prose.OfMarkup($"[bold]{Markup.Escape(resource.Label)}[/]{notes}"));
            // Properties that cause a replacement come first.
            var values = resource.Properties.OrderBy(property => property.Effect switch { ReplacementEffect.Replaces => 0, ReplacementEffect.Unknown => 1, _ => 2 }).ToList();
            var shown = showsAll ? values.Count : Math.Min(values.Count, MaxValues);
            foreach (var property in values.Take(shown))
                Line(console, new Prose(""), new Prose(Text(property, change)));
            if (values.Count > shown)
                Line(console, new Prose(""), new Prose($"and {values.Count - shown} more: --all", new Style(Color.Grey)));
        }
    }

    private static string Text(PropertyDifference property, ResourceChange change)
    {
        var effect = change == ResourceChange.Updated ? "" : property.Effect switch
        {
            ReplacementEffect.Replaces => " (replaces)",
            ReplacementEffect.Unknown => " (not known whether it replaces)",
            _ => "",
        };
        return property.Because is { } cause
            ? $"{property.Path}: {cause} is replaced{effect}"
            : $"{property.Path}: {Value(property.Before)} -> {Value(property.After)}{effect}";
    }

    private static string Value(PropertyValue? value)
    {
        var text = value switch
        {
            null => "(not set)",
            PropertyValue.Text one => one.Value.ReplaceLineEndings("\\n"),
            PropertyValue.Secret => "[secret]",
            PropertyValue.Unknown => "(known after pulumi up)",
            PropertyValue.Bool one => one.Value ? "true" : "false",
            PropertyValue.Number one => one.Value.ToString(CultureInfo.InvariantCulture),
            PropertyValue.Null => "null",
            PropertyValue.List list => $"[{string.Join(", ", list.Items.Select(Value))}]",
            PropertyValue.Map map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{entry.Key}: {Value(entry.Value)}"))}}}",
            _ => value.ToString()!,
        };
        return text.Length <= LongestValue ? text.Length == 0 ? "\"\"" : text : text[..(LongestValue - 3)] + "...";
    }

    private static void Line(IAnsiConsole console, Prose sign, Prose text)
    {
        var line = new Grid().AddColumn(new GridColumn().NoWrap().Width(2).PadRight(1)).AddColumn(new GridColumn().PadRight(0));
        line.AddRow(sign, text);
        console.Write(line);
    }
}
