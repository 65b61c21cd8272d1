using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Rendering;

/// <summary>A Kubernetes object as the cluster would receive it: plain values, names resolved, secrets withheld.</summary>
/// <param name="Namespace">Null for objects of the whole cluster, and for those that leave it to the context.</param>
/// <param name="HasWithheldSecrets">Placeholders are where the program put secrets.</param>
/// <param name="Urn">Of the resource that declares it, or for which a controller makes it; null when there is none.</param>
public sealed record KubernetesObject(
    string ApiVersion,
    string Kind,
    string? Namespace,
    string Name,
    ImmutableSortedDictionary<string, PropertyValue> Content,
    bool HasWithheldSecrets,
    string? Urn = null)
{
    /// <summary>The API group; empty for the core.</summary>
    public string Group => ApiVersion.Contains('/', StringComparison.Ordinal) ? ApiVersion[..ApiVersion.IndexOf('/', StringComparison.Ordinal)] : "";

    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
