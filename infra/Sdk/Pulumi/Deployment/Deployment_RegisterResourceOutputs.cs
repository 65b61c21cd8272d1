using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Sends the outputs of a component once they are there; the run waits for it.</summary>
    internal void RegisterResourceOutputs(Resource resource, Output<IDictionary<string, object?>> outputs)
        => Runner.RegisterTask(RegisterResourceOutputsAsync(resource, outputs));

    private async Task RegisterResourceOutputsAsync(Resource resource, Output<IDictionary<string, object?>> outputs)
    {
        var urn = await resource.Urn.GetValueAsync(whenUnknown: "");
        var properties = await outputs.GetValueAsync(whenUnknown: new Dictionary<string, object?>());
        var serialized = await SerializePropertiesAsync(
            new PropertyPath("monitor.registerResourceOutputs(...)"), properties, await SupportsResourceReferencesAsync());
        await Monitor.RegisterResourceOutputsAsync(new RegisterResourceOutputsRequest { Urn = urn, Outputs = serialized.Values });
    }
}
