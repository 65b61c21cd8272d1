using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Wire;

namespace Pulumi;

/// <summary>The resource monitor over gRPC.</summary>
internal sealed class GrpcMonitor(string address) : IMonitor
{
    private readonly UnaryClient _client = new(address, Services.ResourceMonitor);

    public async Task<bool> SupportsFeatureAsync(string feature)
    {
        var request = new SupportsFeatureRequest { Id = feature };
        var response = await _client.CallAsync("SupportsFeature", request, SupportsFeatureResponse.Parser);
        return response.HasSupport;
    }

    public Task<RegisterResourceResponse> RegisterResourceAsync(Resource resource, RegisterResourceRequest request)
        => _client.CallAsync("RegisterResource", request, RegisterResourceResponse.Parser);

    public Task<ReadResourceResponse> ReadResourceAsync(Resource resource, ReadResourceRequest request)
        => _client.CallAsync("ReadResource", request, ReadResourceResponse.Parser);

    public Task RegisterResourceOutputsAsync(RegisterResourceOutputsRequest request)
        => _client.CallAsync("RegisterResourceOutputs", request, Empty.Parser);

    public Task<ResourceInvokeResponse> InvokeAsync(ResourceInvokeRequest request)
        => _client.CallAsync("Invoke", request, ResourceInvokeResponse.Parser);

    public async Task SignalAndWaitForShutdownAsync()
    {
        try
        {
            await _client.CallAsync("SignalAndWaitForShutdown", new Empty(), Empty.Parser);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            // Older engines have no such method and need no signal.
        }
    }
}
