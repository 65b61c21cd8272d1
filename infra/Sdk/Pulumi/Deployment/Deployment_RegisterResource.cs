using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi;

public sealed partial class Deployment
{
    private async Task<ResourceState> RegisterResourceAsync(Resource resource, bool remote, ResourceArgs args, ResourceOptions options)
    {
        if (options.DeletedWith is not null)
            await RequireFeatureAsync("deletedWith", nameof(ResourceOptions.DeletedWith));
        if (!options.ReplaceWith.IsKnownEmpty)
            await RequireFeatureAsync("replaceWith", nameof(ResourceOptions.ReplaceWith));

        var prepared = await PrepareResourceAsync(resource, resource is CustomResource, remote, args, options);
        var request = await CreateRegisterRequestAsync(resource, remote, prepared, options);
        var response = await Monitor.RegisterResourceAsync(resource, request);
        return new ResourceState(response.Urn, response.Id, response.Object ?? new Struct())
        {
            Result = response.Result,
            Dependencies = response.PropertyDependencies.ToDictionary(
                property => property.Key,
                property => property.Value.Urns.Select(urn => (Resource)new DependencyResource(urn)).ToImmutableHashSet()),
        };
    }

    private async Task<RegisterResourceRequest> CreateRegisterRequestAsync(
        Resource resource, bool remote, PreparedResource prepared, ResourceOptions options)
    {
        var request = new RegisterResourceRequest
        {
            Type = resource.GetResourceType(),
            Name = resource.GetResourceName(),
            Custom = resource is CustomResource,
            Remote = remote,
            Parent = prepared.ParentUrn,
            Object = prepared.Properties,
            Provider = prepared.Provider,
            Providers = { prepared.Providers },
            Dependencies = { prepared.Dependencies },
            Aliases = { prepared.Aliases.Specs },
            AliasURNs = { prepared.Aliases.Urns },
            Version = options.Version ?? "",
            PluginDownloadURL = options.PluginDownloadURL ?? "",
            IgnoreChanges = { options.IgnoreChanges },
            HideDiffs = { options.HideDiffs },
            CustomTimeouts = options.CustomTimeouts?.ToWire(),
            DeletedWith = options.DeletedWith is { } other ? await other.Urn.GetValueAsync(whenUnknown: "") : "",
            ReplaceWith = { await DirectUrnsAsync(options.ReplaceWith) },
            Hooks = new RegisterResourceRequest.Types.ResourceHooksBinding(),
            AcceptSecrets = true,
            AcceptResources = !DisableResourceReferences,
            SupportsResultReporting = true,
        };

        foreach (var (name, urns) in prepared.PropertyDependencies)
            request.PropertyDependencies.Add(name, new RegisterResourceRequest.Types.PropertyDependencies { Urns = { urns } });
        if (options.Protect is { } protect)
            request.Protect = protect;
        if (options.RetainOnDelete is { } retainOnDelete)
            request.RetainOnDelete = retainOnDelete;
        if (options.ReplacementTrigger is { } trigger)
            request.ReplacementTrigger = await SerializeTriggerAsync(resource, trigger);
        if (options is CustomResourceOptions custom)
            SetCustomOptions(request, custom);
        return request;
    }

    private static void SetCustomOptions(RegisterResourceRequest request, CustomResourceOptions options)
    {
        request.ImportId = options.ImportId ?? "";
        request.DeleteBeforeReplaceDefined = options.DeleteBeforeReplace is not null;
        request.DeleteBeforeReplace = options.DeleteBeforeReplace ?? false;
        request.AdditionalSecretOutputs.Add(options.AdditionalSecretOutputs);
        request.ReplaceOnChanges.Add(options.ReplaceOnChanges);
        request.EnvVarMappings.Add(options.EnvVarMappings);
    }

    private async Task<Value> SerializeTriggerAsync(Resource resource, Input<object> trigger)
    {
        var path = new PropertyPath($"resource:{resource.GetResourceName()}[{resource.GetResourceType()}].replacementTrigger");
        return await new Serializer(await SupportsResourceReferencesAsync()).SerializeAsync(path, trigger);
    }

    /// <summary>The URNs of the resources themselves, also of components.</summary>
    private static async Task<IReadOnlyList<string>> DirectUrnsAsync(InputList<Resource> resources)
    {
        var urns = new List<string>();
        foreach (var resource in await resources.ToOutput().GetValueAsync(whenUnknown: []))
        {
            if (resource is not null && await resource.Urn.GetValueAsync(whenUnknown: "") is { Length: > 0 } urn)
                urns.Add(urn);
        }

        return urns;
    }
}
