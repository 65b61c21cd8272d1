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

/// <summary>A component that does what its creator tells it.</summary>
internal sealed class Group : ComponentResource
{
    public Group(string name, ComponentResourceOptions? options = null) : base("test:index:Group", name, options) { }

    public Group(string name, ResourceArgs args, ComponentResourceOptions? options = null) : base("test:index:Group", name, args, options) { }

    public void Give(IDictionary<string, object?> outputs) => RegisterOutputs(outputs);
}
