using System.Collections.Frozen;

namespace HaCluster.Engine.Schemas;

/// <summary>A set of properties and which of them are required.</summary>
internal sealed record ObjectSpec(FrozenDictionary<string, PropertySpec> Properties, FrozenSet<string> Required)
{
    public static readonly ObjectSpec Empty = new(FrozenDictionary<string, PropertySpec>.Empty, FrozenSet<string>.Empty);
}
