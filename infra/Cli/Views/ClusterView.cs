using HaCluster.Planning;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Plans;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>Clusters, network and encryption in a few lines.</summary>
internal static class ClusterView
{
    public static void Show(IAnsiConsole console, Plan plan)
    {
        var lines = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        foreach (var cluster in plan.Clusters)
        {
            Add(lines, "Cluster", $"{cluster.Name}, Kubernetes {cluster.Version ?? "(version chosen by AWS)"}{Joined(Properties(cluster))}");
            Add(lines, "API", string.Join("; ", Endpoints(cluster)));
            if (!cluster.Logs.IsEmpty)
                Add(lines, "Logs", string.Join(", ", cluster.Logs));
        }

        var network = plan.Network;
        if (network.VpcCidr is not null)
            Add(lines, "Network", $"{network.VpcCidr}, {Wording.Count(network.Zones.Length, "zone")}, {Nat(network)}");
        if (!network.Endpoints.IsEmpty)
            Add(lines, "Endpoints", $"private, to {string.Join(", ", network.Endpoints.Distinct())}");
        if (!plan.Encryption.IsEmpty)
            Add(lines, "Encryption", Encryption(plan));
        if (plan.LinkedRole is { } role)
            Add(lines, "Account", role.Summary);
        if (plan.FirstUp is { } firstUp)
            Add(lines, "First up", firstUp.Summary);
        if (lines.Rows.Count == 0)
            return;
        Listing.Heading(console, "Notable");
        console.Write(lines);
    }

    private static void Add(Grid lines, string label, string text) => lines.AddRow(new Text(label, Color.Grey), new Prose(text));

    private static string Joined(IEnumerable<string> properties) => string.Concat(properties.Select(property => ", " + property));

    private static IEnumerable<string> Properties(ClusterFacts cluster)
    {
        if (cluster.EncryptsSecrets)
            yield return "secrets encrypted with KMS";
        if (cluster.HasZonalShift)
            yield return "zonal shift";
        if (cluster.IsProtected)
            yield return "deletion protected";
    }

    private static IEnumerable<string> Endpoints(ClusterFacts cluster)
    {
        yield return cluster.HasPrivateEndpoint ? "private endpoint" : "no private endpoint";
        yield return cluster.HasPublicEndpoint ? $"public endpoint for {string.Join(", ", cluster.PublicCidrs)}" : "no public endpoint";
    }

    private static string Nat(NetworkFacts network) => network.NatGateways switch
    {
        0 => "no NAT gateway",
        var count when count >= network.Zones.Length => $"a NAT gateway per zone ({count})",
        1 => "1 NAT gateway for all zones",
        var count => $"{count} NAT gateways for all zones",
    };

    private static string Encryption(Plan plan)
    {
        var open = plan.Encryption.Count(fact => !fact.IsEncrypted);
        return open == 0
            ? $"all {plan.Encryption.Length} data stores"
            : $"{plan.Encryption.Length - open} of {plan.Encryption.Length} data stores; see the warnings";
    }
}
