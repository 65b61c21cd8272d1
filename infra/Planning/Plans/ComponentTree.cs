using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Plans;

/// <summary>Folds a flat resource graph into components.</summary>
internal static class ComponentTree
{
    private const string StackType = "pulumi:pulumi:Stack";

    public static ComponentNode Of(ResourceGraph graph)
    {
        var byUrn = graph.Resources.DistinctBy(resource => resource.Urn).ToDictionary(resource => resource.Urn);
        var root = graph.Resources.FirstOrDefault(resource => resource.Type == StackType);
        var owned = graph.Resources.Where(resource => resource != root).ToLookup(resource => OwnerOf(resource, byUrn) ?? root?.Urn ?? "");
        return Fold(root?.Urn ?? "", root?.Name ?? graph.Project, StackType, owned);
    }

    private static ComponentNode Fold(string urn, string name, string type, ILookup<string, ResourceNode> owned) => new(
        name,
        type,
        [.. owned[urn].Where(resource => resource.IsCustom)
            .CountBy(resource => resource.Type)
            .Select(count => new TypeCount(count.Key, count.Value))
            .OrderBy(count => count.Package, StringComparer.Ordinal).ThenBy(count => count.ShortName, StringComparer.Ordinal)
            .ThenBy(count => count.Type, StringComparer.Ordinal)],
        // Never in the order of registration, which differs from run to run.
        [.. owned[urn].Where(resource => !resource.IsCustom)
            .GroupBy(component => component.Type)
            .SelectMany(kind => kind.OrderBy(component => component.Name, StringComparer.Ordinal))
            .Select(component => Fold(component.Urn, component.Name, component.Type, owned))]);

    /// <summary>The nearest component above; null when there is none in the graph.</summary>
    private static string? OwnerOf(ResourceNode resource, Dictionary<string, ResourceNode> byUrn)
    {
        var owner = resource.Parent;
        for (var steps = 0; owner is not null && steps <= byUrn.Count; steps++)
        {
            if (!byUrn.TryGetValue(owner, out var node))
                return null;
            if (!node.IsCustom)
                return owner;
            owner = node.Parent;
        }

        return null;
    }
}
