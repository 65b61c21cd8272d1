using System.Globalization;
using HaCluster.Planning;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A readable estimate: totals, cost of redundancy, assumed usage, missing parts, and the sources of the prices.</summary>
internal static class CostView
{
    public static void Show(IAnsiConsole console, CostEstimate estimate)
    {
        console.ProseLineInterpolated($"[bold]{estimate.Project}[/], stack [bold]{estimate.Stack}[/] in {estimate.Region}");
        console.ProseLine($"USD per month of {Price.HoursPerMonth} hours, without tax");
        ShowComponents(console, estimate);
        CostLinesView.Show(console, estimate);
        ShowRedundancy(console, estimate);
        ShowAssumptions(console, estimate);
        ShowMissing(console, estimate);
        ShowPrices(console, estimate);
    }

    private static void ShowComponents(IAnsiConsole console, CostEstimate estimate)
    {
        Listing.Heading(console, "Components, baseline and maximum");
        var table = Listing.Create("~Component", ">Baseline", ">Maximum", ">Assumed");
        foreach (var component in estimate.Components)
        {
            table.AddRow(
                new Prose(component.Name),
                new Text(CostText.Money(component.Monthly.AtRest)),
                new Text(CostText.Money(component.Monthly.AtMost)),
                new Text(component.Assumed == CostRange.Zero ? "-" : CostText.Money(component.Assumed.AtRest)));
        }

        var bold = new Style(decoration: Decoration.Bold);
        table.AddRow(
            new Text("total", bold),
            new Text(CostText.Money(estimate.Monthly.AtRest), bold),
            new Text(CostText.Money(estimate.Monthly.AtMost), bold),
            new Text(CostText.Money(estimate.AssumedMonthly.AtRest), bold));
        if (estimate.Lines.Any(line => line.IsSpot))
        {
            var onDemand = estimate.MonthlyOnDemand;
            table.AddRow("with spot groups on demand", CostText.Money(onDemand.AtRest), CostText.Money(onDemand.AtMost), "");
        }

        Listing.Write(console, table);
    }

    private static void ShowRedundancy(IAnsiConsole console, CostEstimate estimate)
    {
        if (estimate.Redundancy.IsEmpty)
            return;
        Listing.Heading(console, "Cost of redundancy");
        var table = Listing.Create("~Measure", ">Baseline", ">Maximum");
        foreach (var cost in estimate.Redundancy)
        {
            table.AddRow(
                new Rows(new Prose(cost.What), new Padder(new Prose(cost.Method, new Style(Color.Grey))).Padding(2, 0, 0, 0)),
                new Text(Amount(cost.Monthly.AtRest, cost.IsPresent)),
                new Text(Amount(cost.Monthly.AtMost, cost.IsPresent)));
        }

        Listing.Write(console, table);
    }

    /// <summary>Measures that the plan lacks would be added cost.</summary>
    private static string Amount(decimal usd, bool isPresent) => isPresent ? CostText.Money(usd) : CostText.Difference(usd);

    private static void ShowAssumptions(IAnsiConsole console, CostEstimate estimate)
    {
        if (estimate.Assumed.IsEmpty)
            return;
        Listing.Heading(console, "Assumed usage, not measured; --assume NAME=AMOUNT overrides it");
        var table = Listing.Create("Name", ">Amount", "~Unit", ">USD");
        foreach (var usage in estimate.Assumed)
        {
            table.AddRow(
                new Text(usage.Of.Name),
                new Text(CostText.Number(usage.Amount)),
                new Prose(usage.Of.Measure),
                new Text(CostText.Money(usage.Monthly.AtRest)));
        }

        Listing.Write(console, table);
    }

    private static void ShowMissing(IAnsiConsole console, CostEstimate estimate)
    {
        Listing.Heading(console, "Not counted");
        foreach (var uncounted in estimate.NotCounted)
            ShowItem(console, "-", uncounted);
        var free = estimate.Free.Sum(type => type.Count);
        ShowItem(console, "-", $"{Wording.Count(free, "resource")} of {Wording.Count(estimate.Free.Length, "type")} {(free == 1 ? "is" : "are")} free or counted with others; --json shows why");
        if (estimate.Unpriced.IsEmpty)
            return;
        Listing.Heading(console, "Price unknown, not in any total");
        foreach (var unpriced in estimate.Unpriced)
            ShowItem(console, "[yellow]unknown:[/]", $"{unpriced.Component}, {unpriced.What}: {unpriced.Reason}");
    }

    private static void ShowItem(IAnsiConsole console, string bullet, string text)
    {
        var line = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().PadRight(0));
        line.AddRow(new Markup(bullet), new Prose(text));
        console.Write(line);
    }

    private static void ShowPrices(IAnsiConsole console, CostEstimate estimate)
    {
        var used = estimate.PricesUsed.ToList();
        if (used.Count == 0)
            return;
        console.WriteLine();
        var kinds = used.CountBy(price => price.Basis).OrderBy(kind => kind.Key).Select(kind => $"{kind.Value} {Name(kind.Key)}");
        var days = $"{Day(used.Min(price => price.Date))} to {Day(used.Max(price => price.Date))}";
        console.ProseLineInterpolated($"Prices of {days}: {string.Join(", ", kinds)}.");
        console.ProseLine("[grey]Sources: infra/Planning/Costs/Prices/prices.csv. Use your own prices with --prices FILE.[/]");
    }

    private static string Name(PriceBasis basis) => basis switch
    {
        PriceBasis.Computed => $"computed ({CostText.Mark(basis)})",
        PriceBasis.Remembered => $"unverified ({CostText.Mark(basis)})",
        PriceBasis.Own => $"your own ({CostText.Mark(basis)})",
        _ => "quoted",
    };

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
