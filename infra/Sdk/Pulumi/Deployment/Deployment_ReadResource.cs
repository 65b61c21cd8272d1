using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace Pulumi;

public sealed partial class Deployment
{
    private async Task<ResourceState> ReadResourceAsync(Resource resource, string id, ResourceArgs args, ResourceOptions options)
    {
        var prepared = await PrepareResourceAsync(resource, custom: true, remote: false, args, options);
        var request = new ReadResourceRequest
        {
            Id = id,
            Type = resource.GetResourceType(),
            Name = resource.GetResourceName(),
            Parent = prepared.ParentUrn,
            Properties = prepared.Properties,
            Dependencies = { prepared.Dependencies },
            Provider = prepared.Provider,
            Version = options.Version ?? "",
            AcceptSecrets = true,
            AcceptResources = !DisableResourceReferences,
        };

        var response = await Monitor.ReadResourceAsync(resource, request);
        return new ResourceState(response.Urn, id, response.Properties ?? new Struct());
    }
}
