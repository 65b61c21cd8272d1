namespace Pulumi.Serialization;

/// <summary>Which URNs a dependency on resources means.</summary>
internal static class DependencyUrns
{
    /// <summary>
    /// A component is replaced by the custom resources and remote components below it, through further components but not through custom
    /// resources. So waiting for a component waits for what it consists of.
    /// </summary>
    public static IReadOnlyList<Resource> Expand(IEnumerable<Resource> resources)
    {
        var expanded = new List<Resource>();
        Visit(resources, [], expanded);
        return expanded;

        static void Visit(IEnumerable<Resource> resources, HashSet<Resource> visited, List<Resource> expanded)
        {
            foreach (var resource in resources)
            {
                if (!visited.Add(resource))
                    continue;
                if (resource is not ComponentResource { IsRemote: false })
                    expanded.Add(resource);
                if (resource is ComponentResource)
                    Visit(resource.GetChildren(), visited, expanded);
            }
        }
    }

    /// <summary>The URNs of the expanded resources, once they are there.</summary>
    public static async Task<HashSet<string>> ResolveAsync(IEnumerable<Resource> resources)
    {
        var urns = new HashSet<string>();
        foreach (var resource in Expand(resources))
        {
            var urn = await resource.Urn.GetValueAsync(whenUnknown: "");
            if (!string.IsNullOrEmpty(urn))
                urns.Add(urn);
        }

        return urns;
    }
}
