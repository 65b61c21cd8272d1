using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Plans;
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
        var table = Listing.Create("~Name", "Kind", ">Count", "Zones", ">Volume", "Budget");
        foreach (var place in workloads.GroupBy(workload => workload.Place))
        {
            table.AddRow(new Prose(place.Key, new Style(decoration: Decoration.Bold)));
            foreach (var workload in place)
            {
                table.AddRow(
                    new Padder(new Prose(workload.Name)).Padding(2, 0, 0, 0),
                    new Text(workload.Kind),
                    new Text(workload.Replicas?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                    new Text(Zones(workload)),
                    new Text(workload.Volume ?? "-"),
                    new Text(Budget(workload.Evictions)));
            }
        }

        console.Write(table);
    }

    /// <summary>What a zone may hold of it at worst; a rule that is only a preference promises nothing.</summary>
    private static string Zones(WorkloadFacts workload) => workload.Zones switch
    {
        { } zones when zones.AtWorst < workload.Replicas => string.Create(CultureInfo.InvariantCulture, $"{zones.AtWorst} per zone"),
        { IsPreferred: true } => "preferred",
        _ => "-",
    };

    private static string Budget(int? evictions) => evictions switch
    {
        null => "-",
        0 => "blocks drains",
        { } many => string.Create(CultureInfo.InvariantCulture, $"{many} evictable"),
    };
}
