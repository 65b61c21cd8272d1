using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Waits for all that a request is made of: dependencies, arguments, parent, provider, aliases.</summary>
    private async Task<PreparedResource> PrepareResourceAsync(
        Resource resource, bool custom, bool remote, ResourceArgs args, ResourceOptions options)
    {
        var explicitDependencies = await options.DependsOn.ToOutput().GetValueAsync(whenUnknown: []);

        var label = new PropertyPath($"resource:{resource.GetResourceName()}[{resource.GetResourceType()}]");
        var keepResources = await SupportsResourceReferencesAsync();
        var properties = await SerializePropertiesAsync(
            label,
            args.ToDictionary().Where(property => property.Key is not (WireNames.Id or WireNames.Urn)),
            keepResources,
            keepOutputValues: remote && await SupportsOutputValuesAsync(),
            ignoreReferencedResources: remote && keepResources);

        var dependencies = await DependencyUrns.ResolveAsync(explicitDependencies);
        var propertyDependencies = new Dictionary<string, HashSet<string>>(properties.Dependencies.Count);
        foreach (var (name, resources) in properties.Dependencies)
        {
            var urns = await DependencyUrns.ResolveAsync(resources);
            propertyDependencies.Add(name, urns);
            dependencies.UnionWith(urns);
        }

        return new PreparedResource(
            properties.Values,
            await GetParentUrnAsync(resource, options),
            custom ? await GetProviderReferenceAsync(resource, options) : "",
            remote ? await GetProviderReferencesAsync(resource, options) : [],
            dependencies,
            propertyDependencies,
            await PrepareAliasesAsync(resource, options));
    }

    private async Task<string> GetParentUrnAsync(Resource resource, ResourceOptions options)
    {
        if (options.Parent is { } parent)
            return await parent.Urn.GetValueAsync(whenUnknown: "") ?? "";
        return resource.GetResourceType() == Stack.TypeToken ? "" : await Stack.Urn.GetValueAsync(whenUnknown: "");
    }

    private static async Task<string> GetProviderReferenceAsync(Resource resource, ResourceOptions options)
    {
        var provider = options.Provider ?? options.Parent?.GetProvider(resource.GetResourceType());
        return provider is null ? "" : await provider.GetReferenceAsync();
    }

    private async Task<Dictionary<string, string>> GetProviderReferencesAsync(Resource resource, ResourceOptions options)
    {
        var providers = options is ComponentResourceOptions component ? component.Providers.ToList() : [];
        if (options.Provider is { } provider)
        {
            if (providers.Any(other => other.Package == provider.Package))
            {
                await Logger.LogAsync(
                    LogSeverity.Warning,
                    $"Conflict between provider and providers field for package '{provider.Package}'. " +
                    "This behavior is depreciated, and will turn into an error July 2022. " +
                    "For more information, see https://github.com/pulumi/pulumi/issues/8799.",
                    resource);
            }
            else
            {
                providers.Add(provider);
            }
        }

        var references = new Dictionary<string, string>(providers.Count);
        foreach (var each in providers)
            references[each.Package] = await each.GetReferenceAsync();
        return references;
    }
}
