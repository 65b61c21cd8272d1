using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

/// <summary>A component.</summary>
internal sealed class Group : ComponentResource
{
    public Group(string name, ComponentResourceOptions? options = null, Action<Group>? createChildren = null)
        : base("test:index:Group", name, options)
    {
        createChildren?.Invoke(this);
        Count = Output.Create(1);
        RegisterOutputs();
    }

    [Output("count")]
    public Output<int> Count { get; private set; }
}

/// <summary>A provider.</summary>
internal sealed class Cloud(string name, CustomResourceOptions? options = null, string package = "test")
    : ProviderResource(package, name, ResourceArgs.Empty, options);
