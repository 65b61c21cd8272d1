using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Rendering;

/// <summary>A Kubernetes object as sent to the cluster: plain values, resolved names, secrets withheld.</summary>
/// <param name="Namespace">Null for cluster-scoped objects, and for objects that use the namespace of the context.</param>
/// <param name="HasWithheldSecrets">Whether it has placeholders in place of secrets.</param>
/// <param name="Urn">The URN of the resource that declares it, or for which a controller creates it; null when there is none.</param>
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
