using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>Reads the bodies of requests.</summary>
internal static class RequestBody
{
    // The limit of the real server: https://github.com/kubernetes/apiserver/blob/master/pkg/server/config.go (MaxRequestBodyBytes)
    private const int MaxBytes = 3 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 1000 };

    /// <exception cref="StatusException">400: it cannot be read; 413: too long; 415: not announced as JSON, YAML or Protobuf.</exception>
    public static async Task<JsonObject> ReadObjectAsync(ApiRequest request)
    {
        var type = MediaType(request);
        if (type == ProtobufBody.MediaType)
            return ProtobufBody.Parse(await ReadAsync(request));
        if (type == "application/yaml")
            return YamlBody.Parse(System.Text.Encoding.UTF8.GetString(await ReadAsync(request))) as JsonObject ?? throw NotAnObject(request);
        if (type is not ("" or "application/json"))
            throw UnsupportedType("application/json", "application/yaml", ProtobufBody.MediaType);
        return Parse(await ReadAsync(request)) as JsonObject ?? throw NotAnObject(request);
    }

    /// <summary>The options of a deletion: in the body, or none.</summary>
    public static async Task<JsonObject> ReadOptionsAsync(ApiRequest request)
    {
        var bytes = await ReadAsync(request);
        if (bytes.Length == 0)
            return [];
        if (MediaType(request) == ProtobufBody.MediaType)
            return ProtobufBody.Parse(bytes);
        return Parse(bytes) as JsonObject ?? throw StatusException.BadRequest("the options are not a JSON object");
    }

    public static string MediaType(ApiRequest request) => (request.Http.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public static async Task<byte[]> ReadAsync(ApiRequest request)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Http.Request.Body.ReadAsync(chunk, request.Cancellation)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBytes)
                throw new StatusException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {MaxBytes}");
        }
        return buffer.ToArray();
    }

    public static JsonNode? Parse(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes, documentOptions: Strict);
        }
        catch (JsonException error)
        {
            throw StatusException.BadRequest($"couldn't get version/kind; json parse error: {error.Message}");
        }
    }

    private static StatusException NotAnObject(ApiRequest request) => StatusException.BadRequest($"the object provided is unrecognized (must be of type {request.Kind.Kind}): it is not an object");

    public static StatusException UnsupportedType(params string[] accepted) => new(415, "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");
}
