using Pulumi;

namespace HaCluster.WireTwin;

/// <summary>A component that does what its creator tells it.</summary>
internal sealed class Group : ComponentResource
{
    public Group(string name, ComponentResourceOptions? options = null) : base("test:index:Group", name, options) { }

    public Group(string name, ResourceArgs args, ComponentResourceOptions? options = null) : base("test:index:Group", name, args, options) { }

    public void Give(IDictionary<string, object?> outputs) => RegisterOutputs(outputs);
}
