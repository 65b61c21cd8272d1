using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling;

/// <summary>An object as the API server gives it.</summary>
/// <param name="Content">Its fields, of which a list may leave out kind and version.</param>
public sealed record LiveObject(string ApiVersion, string Kind, IReadOnlyDictionary<string, JsonElement> Content)
{
    /// <param name="root">With its kind and version.</param>
    public static LiveObject Of(JsonElement root) => new(
        root.GetProperty("apiVersion").GetString()!, root.GetProperty("kind").GetString()!, root.EnumerateObject().ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    /// <summary>For the readers of plans and manifests; null for one without a name.</summary>
    internal KubernetesObject? Read()
    {
        var content = ImmutableSortedDictionary.CreateBuilder<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (name, value) in Content)
            content[name] = JsonValues.Of(value);
        if (content.GetValueOrDefault("metadata") is not PropertyValue.Map metadata || metadata.At("name").Text() is not { Length: > 0 } own)
            return null;
        content["metadata"] = new PropertyValue.Map(metadata.Entries.Remove("managedFields"));
        content["kind"] = new PropertyValue.Text(Kind);
        content["apiVersion"] = new PropertyValue.Text(ApiVersion);
        return new KubernetesObject(ApiVersion, Kind, metadata.At("namespace").Text() is { Length: > 0 } space ? space : null, own, content.ToImmutable(), false);
    }
}
