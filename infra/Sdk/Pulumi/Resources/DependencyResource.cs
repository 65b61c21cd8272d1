using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A resource of which only the URN is known.</summary>
internal sealed class DependencyResource : CustomResource
{
    public DependencyResource(string urn)
        : base(type: "", name: "", ResourceArgs.Empty, options: null, dependency: true)
        => Urn = new Output<string>(Task.FromResult(
            new OutputData<string>(ImmutableHashSet.Create<Resource>(this), urn, IsKnown: true, IsSecret: false)));
}
