using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace Pulumi;

/// <summary>State of a resource as returned by the engine. The id is empty until it is known.</summary>
internal sealed record ResourceState(string Urn, string Id, Struct Properties)
{
    /// <summary>What single outputs depend on beyond the resource itself.</summary>
    public IReadOnlyDictionary<string, ImmutableHashSet<Resource>> Dependencies { get; init; } =
        ImmutableDictionary<string, ImmutableHashSet<Resource>>.Empty;

    public Result Result { get; init; } = Result.Success;
}
