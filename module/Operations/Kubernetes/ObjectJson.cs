using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace HaCluster.Operations.Kubernetes;

/// <summary>Identity and version of an object, whatever it is read as.</summary>
internal sealed record ObjectIdentity(string Namespace, string Name, string Uid, string ResourceVersion)
{
    public string Key => $"{Namespace}/{Name}";
}

/// <summary>A record of ours that is read in place of a model: it says which object it is.</summary>
internal interface IReadObject
{
    ObjectIdentity Identity { get; }
}

/// <summary>Reads and writes objects: models of KubernetesClient as KubernetesClient does (its dates and quantities), all others as plain JSON.</summary>
internal static class ObjectJson
{
    private const int FirstBuffer = 1 << 20;

    private static readonly JsonSerializerOptions Models = OfModels();

    private static readonly JsonSerializerOptions Plain = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static JsonSerializerOptions OptionsFor<T>() => typeof(T).Namespace == typeof(V1Pod).Namespace ? Models : Plain;

    public static T Read<T>(JsonElement json) => json.Deserialize<T>(OptionsFor<T>()) ?? throw new JsonException("null in place of an object");

    public static async Task<T> ReadAsync<T>(Stream stream, CancellationToken cancellationToken) =>
        await JsonSerializer.DeserializeAsync<T>(stream, OptionsFor<T>(), cancellationToken) ?? throw new JsonException("null in place of an object");

    /// <summary>A chunk is read whole before it is parsed: that is faster than parsing it in pieces, and its buffer is used again for the next one.</summary>
    public static async Task<ObjectPage<T>> ReadPageAsync<T>(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var length = 0;
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    break;
                length += read;
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return JsonSerializer.Deserialize<ObjectPage<T>>(buffer.AsSpan(0, length), OptionsFor<T>()) ?? throw new JsonException("null in place of a list");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static byte[] Write<T>(T subject) => JsonSerializer.SerializeToUtf8Bytes(subject, OptionsFor<T>());

    public static ObjectIdentity IdentityOf<T>(T subject)
        where T : class => subject switch
        {
            IMetadata<V1ObjectMeta> { Metadata: { } meta } => new ObjectIdentity(meta.NamespaceProperty ?? "", meta.Name ?? "", meta.Uid ?? "", meta.ResourceVersion ?? ""),
            IReadObject own => own.Identity,
            JsonObject json => new ObjectIdentity(Text(json, "namespace"), Text(json, "name"), Text(json, "uid"), Text(json, "resourceVersion")),
            _ => throw new InvalidOperationException($"{typeof(T)} does not say which object it is"),
        };

    private static string Text(JsonObject json, string name) => (string?)json["metadata"]?[name] ?? "";

    private static JsonSerializerOptions OfModels()
    {
        JsonSerializerOptions? options = null;
        KubernetesJson.AddJsonOptions(existing => options = new JsonSerializerOptions(existing));
        options!.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        return options;
    }
}

/// <summary>A chunk of a list.</summary>
internal sealed record ObjectPage<T>(
    [property: JsonPropertyName("metadata")] PageMeta? Metadata, [property: JsonPropertyName("items")] List<T>? Items);

internal sealed record PageMeta(
    [property: JsonPropertyName("resourceVersion")] string? ResourceVersion, [property: JsonPropertyName("continue")] string? Continue);
