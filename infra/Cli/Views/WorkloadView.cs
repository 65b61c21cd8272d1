using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Plans;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The workloads of the cluster, and the databases and domains beside it: replicas, spread, volumes and disruption budgets.</summary>
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

        Listing.Write(console, table);
    }

    /// <summary>The most replicas that one zone may hold; a preferred rule guarantees nothing.</summary>
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
