using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

/// <summary>
/// An object at one resource version. Immutable, so lists, watches and controllers share it without copies: its bytes go to clients as they are,
/// <see cref="Root"/> reads it, <see cref="ToJson"/> makes a copy to change.
/// </summary>
public sealed class StoredObject
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();
    private IReadOnlyDictionary<string, string>? _labels;
    private JsonDocument? _document;

    internal StoredObject(ResourceKind kind, JsonObject value, long resourceVersion)
    {
        var metadata = value["metadata"]!;
        Kind = kind;
        ResourceVersion = resourceVersion;
        Name = (string)metadata["name"]!;
        Namespace = (string?)metadata["namespace"];
        Uid = (string)metadata["uid"]!;
        IsDeleting = metadata["deletionTimestamp"] is not null;
        Generation = metadata["generation"].AsLong() ?? 0;
        Owners = metadata["ownerReferences"] is JsonArray owners ? [.. owners.Select(owner => new OwnerReference(owner!))] : [];
        Finalizers = metadata["finalizers"] is JsonArray finalizers ? [.. finalizers.Select(finalizer => (string)finalizer!)] : [];
        Utf8 = JsonSerializer.SerializeToUtf8Bytes(value, StoredJson.Options);
    }

    public ResourceKind Kind { get; }

    public string Name { get; }

    /// <summary>Null for objects of the cluster.</summary>
    public string? Namespace { get; }

    public string Uid { get; }

    public long ResourceVersion { get; }

    public long Generation { get; }

    /// <summary>Whether <c>metadata.deletionTimestamp</c> is set: it goes when its finalizers, and for a pod its kubelet, are done.</summary>
    public bool IsDeleting { get; }

    public IReadOnlyList<OwnerReference> Owners { get; }

    public IReadOnlyList<string> Finalizers { get; }

    /// <summary>The object as JSON, as every client gets it.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    // Parsed when first asked for. Two threads may both parse: either result serves. Never disposed, so its arrays are never returned to a pool.
    public JsonElement Root => (_document ??= JsonDocument.Parse(Utf8)).RootElement;

    public IReadOnlyDictionary<string, string> Labels => _labels ??= ReadLabels();

    /// <summary>The value under a path of property names, such as <c>Find("spec", "template")</c>; null when it is absent or null.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> path)
    {
        var element = Root;
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    /// <summary>The text under a path of property names; null when it is absent or not a string.</summary>
    public string? Text(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The whole number under a path of property names; null when it is absent or not a number.</summary>
    public long? Number(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    /// <summary>A copy of its own, to change and to give to <see cref="ObjectStore.Update"/>.</summary>
    public JsonObject ToJson() => JsonNode.Parse(Utf8.Span)!.AsObject();

    public override string ToString() => $"{Kind.Resource} {(Namespace is null ? Name : $"{Namespace}/{Name}")} at {ResourceVersion}";

    private IReadOnlyDictionary<string, string> ReadLabels()
    {
        if (Find("metadata", "labels") is not { ValueKind: JsonValueKind.Object } labels)
            return None;
        return labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString() ?? "");
    }
}

/// <summary>An entry of <c>metadata.ownerReferences</c>.</summary>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool IsController, bool BlocksDeletion)
{
    internal OwnerReference(JsonNode owner)
        : this((string?)owner["apiVersion"] ?? "", (string?)owner["kind"] ?? "", (string?)owner["name"] ?? "", (string?)owner["uid"] ?? "",
            (bool?)owner["controller"] ?? false, (bool?)owner["blockOwnerDeletion"] ?? false)
    {
    }
}
