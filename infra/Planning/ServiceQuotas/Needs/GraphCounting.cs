using HaCluster.Engine.Graph;

namespace HaCluster.Planning.ServiceQuotas.Needs;

internal static class GraphCounting
{
    /// <summary>What the program makes; what it only reads exists already.</summary>
    public static IEnumerable<ResourceNode> OfType(this ResourceGraph graph, params ReadOnlySpan<string> types)
    {
        var wanted = types.ToArray();
        return graph.Resources.Where(resource => !resource.IsRead && wanted.Contains(resource.Type));
    }

    /// <summary>How a number of things is said: <c>1 VPC</c>, <c>3 NAT gateways</c>.</summary>
    public static string Many(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}
