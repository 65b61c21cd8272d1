namespace HaCluster.Engine.Graph;

/// <summary>An order in which a program could have registered the resources of a graph: each after all that it depends on.</summary>
public static class DependencyOrder
{
    /// <summary>Otherwise in the order of the graph.</summary>
    // Iterative, not recursive, because a chain of dependencies can be arbitrarily long.
    public static IEnumerable<ResourceNode> Of(IReadOnlyDictionary<string, ResourceNode> resources)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(ResourceNode Resource, bool Waited)>(resources.Values.Reverse().Select(resource => (resource, false)));
        while (open.TryPop(out var next))
        {
            if (next.Waited)
            {
                yield return next.Resource;
            }
            else if (seen.Add(next.Resource.Urn))
            {
                open.Push((next.Resource, true));
                foreach (var urn in DependenciesOf(next.Resource))
                {
                    if (resources.TryGetValue(urn, out var earlier))
                        open.Push((earlier, false));
                }
            }
        }
    }

    /// <summary>The dependencies of a resource: those it names, its provider and its parent resource.</summary>
    public static IEnumerable<string> DependenciesOf(ResourceNode resource)
    {
        foreach (var urn in resource.Dependencies)
            yield return urn;
        if (resource.Options.DeletedWith is { } deletedWith)
            yield return deletedWith;
        if (resource.Provider is { } provider && provider.LastIndexOf("::", StringComparison.Ordinal) is var end and > 0)
            yield return provider[..end];
        if (resource.Parent is { } parent)
            yield return parent;
    }
}
