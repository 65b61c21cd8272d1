namespace Pulumi;

/// <summary>Options of a component.</summary>
public sealed class ComponentResourceOptions : ResourceOptions
{
    /// <summary>The providers that the component's children inherit, at most one per package.</summary>
    public List<ProviderResource> Providers
    {
        get => field ??= [];
        set;
    }

    internal override ResourceOptions Clone() => Copy(this);

    /// <summary>Both in one. Lists are joined; of single values, and of providers of one package, the second wins.</summary>
    public static ComponentResourceOptions Merge(ComponentResourceOptions? options1, ComponentResourceOptions? options2)
    {
        var merged = options1 is null ? new ComponentResourceOptions() : Copy(options1);
        if (options2 is not null)
            MergeNormalOptions(merged, options2);

        // The last of a package stays, in its place.
        var providers = merged.Providers.Concat(options2?.Providers ?? []).Reverse().DistinctBy(provider => provider.Package).Reverse();
        merged.Providers = [.. providers];
        return merged;
    }

    private static ComponentResourceOptions Copy(ComponentResourceOptions options)
    {
        var copy = CreateCopy<ComponentResourceOptions>(options);
        copy.Providers = [.. options.Providers];
        return copy;
    }
}
