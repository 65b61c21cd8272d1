using System.Collections.Immutable;
using HaCluster.Planning.Facts;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The quota of each namespace: total requests / total limits of its pods.</summary>
internal static class QuotaView
{
    public static void Show(IAnsiConsole console, ImmutableArray<QuotaFacts> quotas)
    {
        if (quotas.IsEmpty)
            return;
        Listing.Heading(console, "Quotas by namespace, requests/limits");
        var table = Listing.Create("~Namespace", ">CPU", ">Memory", ">Ephemeral", ">Volumes", ">Pods", ">LBs");
        foreach (var quota in quotas)
        {
            table.AddRow(
                new Prose(quota.Namespace),
                new Text(Pair(quota, "cpu")),
                new Text(Pair(quota, "memory")),
                new Text(Pair(quota, "ephemeral-storage")),
                new Text(Volumes(quota)),
                new Text(quota.Hard.GetValueOrDefault("pods", "-")),
                new Text(quota.Hard.GetValueOrDefault("services.loadbalancers", "-")));
        }

        Listing.Write(console, table);
    }

    private static string Pair(QuotaFacts quota, string resource)
    {
        var requests = quota.Hard.GetValueOrDefault("requests." + resource) ?? quota.Hard.GetValueOrDefault(resource);
        var limits = quota.Hard.GetValueOrDefault("limits." + resource);
        return (requests, limits) switch
        {
            (null, null) => "-",
            _ when requests == limits => requests!,
            _ => $"{requests ?? "-"}/{limits ?? "-"}",
        };
    }

    private static string Volumes(QuotaFacts quota)
    {
        var count = quota.Hard.GetValueOrDefault("persistentvolumeclaims");
        var storage = quota.Hard.GetValueOrDefault("requests.storage");
        return (count, storage) switch
        {
            (null, null) => "-",
            (null, _) => storage,
            (_, null) => count,
            _ => $"{count} of {storage}",
        };
    }
}
