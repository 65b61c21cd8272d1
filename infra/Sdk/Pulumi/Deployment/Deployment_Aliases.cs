namespace Pulumi;

public sealed partial class Deployment
{
    private async Task<PreparedAliases> PrepareAliasesAsync(Resource resource, ResourceOptions options)
        => await SupportsAliasSpecsAsync()
            ? new PreparedAliases(await DescribeAliasesAsync(options.Aliases), [])
            : new PreparedAliases([], await ResolveAliasUrnsAsync(resource, options));

    private static async Task<IReadOnlyList<HaCluster.Wire.Alias>> DescribeAliasesAsync(List<Input<Alias>> aliases)
    {
        var described = new List<HaCluster.Wire.Alias>(aliases.Count);
        foreach (var alias in aliases)
        {
            // An alias that is still unknown is skipped.
            if (await alias.ToOutput().GetValueAsync(whenUnknown: null!) is { } known)
                described.Add(await DescribeAliasAsync(known));
        }

        return described;
    }

    private static async Task<HaCluster.Wire.Alias> DescribeAliasAsync(Alias alias)
    {
        if (alias.Urn is not null)
            return new HaCluster.Wire.Alias { Urn = alias.Urn };

        // An empty part is as the resource has it now.
        var spec = new HaCluster.Wire.Alias.Types.Spec
        {
            Name = await ResolveAsync(alias.Name),
            Type = await ResolveAsync(alias.Type),
            Stack = await ResolveAsync(alias.Stack),
            Project = await ResolveAsync(alias.Project),
        };

        Input<string>? parent = alias.Parent is null ? alias.ParentUrn : (Input<string>)alias.Parent.Urn;
        if (parent is null)
            spec.NoParent = alias.NoParent;
        else if (await ResolveAsync(parent) is { Length: > 0 } parentUrn)
            spec.ParentUrn = parentUrn;
        return new HaCluster.Wire.Alias { Spec = spec };
    }

    /// <summary>All former URNs, those that came about by a former name of the parent included.</summary>
    private static async Task<IReadOnlyCollection<string>> ResolveAliasUrnsAsync(Resource resource, ResourceOptions options)
    {
        var urns = new HashSet<string>();
        foreach (var alias in AliasUrn.All(options.Aliases, resource.GetResourceName(), resource.GetResourceType(), options.Parent))
        {
            if (await ResolveAsync(alias) is { Length: > 0 } urn)
                urns.Add(urn);
        }

        return urns;
    }

    private static async Task<string> ResolveAsync(Input<string>? input)
        => input is null ? "" : await input.ToOutput().GetValueAsync(whenUnknown: "") ?? "";
}
