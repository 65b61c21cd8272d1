using Pulumi;

namespace HaCluster.WireTwin;

internal sealed class TestProvider(string package, string name, TestProviderArgs args, CustomResourceOptions? options = null)
    : ProviderResource(package, name, args, options);

internal sealed class TestProviderArgs : ResourceArgs
{
    [Input("region")]
    public Input<string>? Region { get; set; }

    /// <summary>Settings that are not strings travel as JSON text.</summary>
    [Input("strict", json: true)]
    public Input<bool>? Strict { get; set; }
}
