using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Facts;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>What runs on the cluster and beside it: how many of each, how far apart, with how much of its own.</summary>
internal static class WorkloadView
{
    public static void Show(IAnsiConsole console, ImmutableArray<WorkloadFacts> workloads)
    {
        if (workloads.IsEmpty)
            return;
        Listing.Heading(console, "What runs");
        var table = Listing.Create("Name", "Kind", ">Count", "Zones", ">Volume", "Budget");
        foreach (var place in workloads.GroupBy(workload => workload.Place))
        {
            table.AddRow(new Text(place.Key, new Style(decoration: Decoration.Bold)));
            foreach (var workload in place)
            {
                table.AddRow(
                    new Text($"  {workload.Name}"),
                    new Text(workload.Kind),
                    new Text(workload.Replicas?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                    new Text(Spread(workload.Spread)),
                    new Text(workload.Volume ?? "-"),
                    new Text(workload.HasBudget ? "yes" : "-"));
            }
        }

        console.Write(table);
    }

    private static string Spread(WorkloadSpread spread) => spread switch
    {
        WorkloadSpread.Required => "required",
        WorkloadSpread.Preferred => "preferred",
        WorkloadSpread.Inside => "in chart",
        _ => "-",
    };
}
