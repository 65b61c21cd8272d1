using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Plans;

/// <summary>Groups a flat resource graph into a tree of components.</summary>
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
        // Sorted, because the order of registration differs from run to run.
        [.. owned[urn].Where(resource => !resource.IsCustom)
            .GroupBy(component => component.Type)
            .SelectMany(kind => kind.OrderBy(component => component.Name, StringComparer.Ordinal))
            .Select(component => Fold(component.Urn, component.Name, component.Type, owned))]);

    /// <summary>The nearest parent component; null when there is none.</summary>
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

/// <summary>A component of the program: its own resources counted by type, and the components inside it.</summary>
/// <param name="Type">The type token, such as <c>hacluster:network:Network</c>.</param>
/// <param name="Resources">Resources of providers whose nearest component is this one.</param>
public sealed record ComponentNode(
    string Name, string Type, ImmutableArray<TypeCount> Resources, ImmutableArray<ComponentNode> Children)
{
    /// <summary>Resources of providers in this component and below.</summary>
    public int Total => Resources.Sum(count => count.Count) + Children.Sum(child => child.Total);
}

/// <summary>How many resources of one type.</summary>
/// <param name="Type">The type token, such as <c>aws:ec2/subnet:Subnet</c>.</param>
public sealed record TypeCount(string Type, int Count)
{
    /// <summary>The short name: <c>Subnet</c>.</summary>
    public string ShortName => Type[(Type.LastIndexOf(':') + 1)..];

    /// <summary>The provider's package: <c>aws</c>, <c>kubernetes</c>; <c>pulumi</c> for providers themselves.</summary>
    public string Package => Type[..Math.Max(0, Type.IndexOf(':', StringComparison.Ordinal))];
}
