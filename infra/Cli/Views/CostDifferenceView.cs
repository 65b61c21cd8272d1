using HaCluster.Planning.Costs.Differences;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The cost of two plans side by side, with their differences by component and item.</summary>
internal static class CostDifferenceView
{
    public static void Show(IAnsiConsole console, CostDifference difference)
    {
        var (before, after) = (difference.Before, difference.After);
        console.ProseLineInterpolated($"[bold]{after.Project}[/], stack [bold]{after.Stack}[/] in {after.Region}");
        console.ProseLineInterpolated($"against stack [bold]{before.Stack}[/] in {before.Region}");
        console.ProseLine($"USD per month of {Price.HoursPerMonth} hours, without tax, with the same assumed usage");
        ShowComponents(console, difference);
        ShowLines(console, difference);
        foreach (var unpriced in after.Unpriced.Union(before.Unpriced))
            console.ProseLineInterpolated($"[yellow]unknown:[/] {unpriced.Component}, {unpriced.What}: {unpriced.Reason}");
    }

    private static void ShowComponents(IAnsiConsole console, CostDifference difference)
    {
        Listing.Heading(console, "Components");
        var table = Listing.Create("~Component", ">Before", ">After", ">Change", ">Change at maximum");
        foreach (var component in difference.Components)
            AddRow(component.Name, component.Before, component.After, component.Monthly, Style.Plain);
        AddRow("total", difference.Before.Monthly, difference.After.Monthly, difference.Monthly, new Style(decoration: Decoration.Bold));
        Listing.Write(console, table);

        void AddRow(string name, CostRange before, CostRange after, CostRange change, Style style) => table.AddRow(
            new Prose(name, style),
            new Text(CostText.Money(before.AtRest), style),
            new Text(CostText.Money(after.AtRest), style),
            new Text(CostText.Difference(change.AtRest), style),
            new Text(CostText.Difference(change.AtMost), style));
    }

    private static void ShowLines(IAnsiConsole console, CostDifference difference)
    {
        if (difference.Lines.IsEmpty)
            return;
        Listing.Heading(console, "Added (+), removed (-), changed (~)");
        var table = Listing.Create("", "~Item", ">Number", ">Change", ">Change at maximum");
        foreach (var line in difference.Lines)
        {
            table.AddRow(
                new Text(Sign(line.Change)),
                new Prose($"{line.Component}, {line.What}"),
                new Text(Counts(line)),
                new Text(CostText.Difference(line.Monthly.AtRest)),
                new Text(CostText.Difference(line.Monthly.AtMost)));
        }

        Listing.Write(console, table);
    }

    private static string Sign(LineChange change) => change switch
    {
        LineChange.Added => "+",
        LineChange.Removed => "-",
        _ => "~",
    };

    private static string Counts(LineDifference line) => (line.CountBefore, line.CountAfter) switch
    {
        ({ } before, { } after) when before != after => $"{CostText.Count(before)} > {CostText.Count(after)}",
        (null, { } after) => CostText.Count(after),
        ({ } before, _) => CostText.Count(before),
        _ => "",
    };
}
