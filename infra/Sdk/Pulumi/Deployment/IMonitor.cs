using HaCluster.Wire;

namespace Pulumi;

/// <summary>The engine's resource monitor: over the wire in a deployment, in process in a test.</summary>
internal interface IMonitor
{
    Task<bool> SupportsFeatureAsync(string feature);

    Task<RegisterResourceResponse> RegisterResourceAsync(Resource resource, RegisterResourceRequest request);

    Task<ReadResourceResponse> ReadResourceAsync(Resource resource, ReadResourceRequest request);

    Task RegisterResourceOutputsAsync(RegisterResourceOutputsRequest request);

    Task<ResourceInvokeResponse> InvokeAsync(ResourceInvokeRequest request);

    /// <summary>Says that nothing more will be registered, and waits until the engine is done.</summary>
    Task SignalAndWaitForShutdownAsync();
}
