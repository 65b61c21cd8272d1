using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A resource that a provider creates, reads, updates and deletes.</summary>
public class CustomResource : Resource
{
    public CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null)
        : this(type, name, args, options, dependency: false)
    {
    }

    private protected CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options, bool dependency)
        : base(type, name, custom: true, args ?? ResourceArgs.Empty, options ?? new CustomResourceOptions(), dependency: dependency)
    {
    }

    /// <summary>The provider's name for the resource; unknown in a preview until it exists.</summary>
    [Output(WireNames.Id)]
    public Output<string> Id { get; private protected set; } = null!;
}

/// <summary>A resource of which only the URN is known.</summary>
internal sealed class DependencyResource : CustomResource
{
    public DependencyResource(string urn)
        : base(type: "", name: "", ResourceArgs.Empty, options: null, dependency: true)
        => Urn = new Output<string>(Task.FromResult(
            new OutputData<string>(ImmutableHashSet.Create<Resource>(this), urn, IsKnown: true, IsSecret: false)));
}
