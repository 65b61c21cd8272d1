using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>The region of a plan that comes without its settings.</summary>
internal static class GraphRegion
{
    /// <summary>The region that the stack names, otherwise that of its subnets; null when neither is known.</summary>
    public static string? Of(ResourceGraph graph) =>
        graph.Outputs.At("region").Text() ?? new SubnetIndex(graph).All.Select(subnet => subnet.Zone).FirstOrDefault(IsZone)?[..^1];

    /// <summary><c>eu-central-1a</c>, and not the id <c>euc1-az1</c>.</summary>
    private static bool IsZone(string zone) =>
        zone.Length > 2 && char.IsAsciiLetterLower(zone[^1]) && char.IsAsciiDigit(zone[^2]) && zone.Count('-'.Equals) == 2;
}
