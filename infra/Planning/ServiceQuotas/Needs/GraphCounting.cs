using HaCluster.Engine.Graph;

namespace HaCluster.Planning.ServiceQuotas.Needs;

internal static class GraphCounting
{
    /// <summary>Resources that the program creates; those that it only reads exist already.</summary>
    public static IEnumerable<ResourceNode> OfType(this ResourceGraph graph, params ReadOnlySpan<string> types)
    {
        var wanted = types.ToArray();
        return graph.Resources.Where(resource => !resource.IsRead && wanted.Contains(resource.Type));
    }

    /// <summary>A count with its noun: <c>1 VPC</c>, <c>3 NAT gateways</c>.</summary>
    public static string Many(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}
