using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Plans;

/// <summary>Settings that are allowed but questionable for a highly available cluster.</summary>
internal static class PlanWarnings
{
    public static IEnumerable<string> Logged(ResourceGraph graph) =>
        graph.Logs.Where(entry => entry.Severity == LogSeverity.Warning).Select(entry => entry.Message.Trim());

    public static IEnumerable<string> Found(Plan plan) => [.. OfZones(plan.Network), .. OfClusters(plan), .. OfNodeGroups(plan), .. OfEncryption(plan)];

    private static IEnumerable<string> OfZones(NetworkFacts network)
    {
        var zones = network.Zones.Length;
        if (zones == 1)
            yield return $"everything is in {network.Zones[0].Name}: the loss of that zone is the loss of the cluster";
        if (network.NatGateways > 0 && network.NatGateways < zones)
            yield return $"{network.NatGateways} NAT gateway for {zones} zones: if its zone is lost, no private subnet reaches the internet";
    }

    private static IEnumerable<string> OfClusters(Plan plan)
    {
        foreach (var cluster in plan.Clusters)
        {
            if (cluster.PublicCidrs.Contains("0.0.0.0/0"))
                yield return $"{cluster.Name}: the public API endpoint is open to the whole internet";
            if (!cluster.HasPrivateEndpoint)
                yield return $"{cluster.Name}: without a private API endpoint the nodes reach the control plane over the internet";
        }
    }

    private static IEnumerable<string> OfNodeGroups(Plan plan)
    {
        foreach (var group in plan.NodeGroups)
        {
            var unknown = group.UnknownTypes.ToList();
            if (unknown.Count > 0)
                yield return $"{group.Name}: {string.Join(", ", unknown)} not in the instance-type table; capacity is counted without";
        }
    }

    private static IEnumerable<string> OfEncryption(Plan plan) =>
        plan.Encryption.Where(fact => !fact.IsEncrypted).Select(fact => $"{fact.Subject}: not encrypted at rest");
}
