using HaCluster.Engine.Graph;

namespace HaCluster.Planning.ServiceQuotas.Needs;

internal static class GraphResources
{
    /// <summary>Resources that the program creates; those that it only reads exist already.</summary>
    public static IEnumerable<ResourceNode> OfType(this ResourceGraph graph, params ReadOnlySpan<string> types)
    {
        var wanted = types.ToArray();
        return graph.Resources.Where(resource => !resource.IsRead && wanted.Contains(resource.Type));
    }
}
