using HaCluster.Planning.Costs.Estimates;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The cost lines of each component.</summary>
internal static class CostLinesView
{
    public static void Show(IAnsiConsole console, CostEstimate estimate)
    {
        Listing.Heading(console, "Items; * marks assumed usage");
        var table = Listing.Create("~Item", ">Number", ">USD each", ">Baseline", ">Maximum");
        foreach (var component in estimate.Components)
        {
            table.AddRow(new Prose(component.Name, new Style(decoration: Decoration.Bold)));
            foreach (var line in component.Lines)
            {
                table.AddRow(
                    new Padder(new Prose(line.What + (line.Assumption is null ? "" : " *"))).Padding(2, 0, 0, 0),
                    new Text(CostText.Count(line.Count)),
                    new Text(CostText.Unit(line.Price)),
                    new Text(CostText.Money(line.Monthly.AtRest)),
                    new Text(CostText.Money(line.Monthly.AtMost)));
            }
        }

        Listing.Write(console, table);
    }
}
