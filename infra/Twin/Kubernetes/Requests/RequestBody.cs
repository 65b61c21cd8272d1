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

    /// <exception cref="StatusException">400: not JSON; 413: too long; 415: not announced as JSON.</exception>
    public static async Task<JsonObject> ReadObjectAsync(ApiRequest request)
    {
        RequireType(request, "application/json");
        return Parse(await ReadAsync(request)) as JsonObject ?? throw StatusException.BadRequest("the object provided is unrecognized (must be of type " + request.Kind.Kind + "): it is not a JSON object");
    }

    /// <summary>The options of a deletion: in the body, or none.</summary>
    public static async Task<JsonObject> ReadOptionsAsync(ApiRequest request)
    {
        var bytes = await ReadAsync(request);
        return bytes.Length == 0 ? [] : Parse(bytes) as JsonObject ?? throw StatusException.BadRequest("the options are not a JSON object");
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

    private static void RequireType(ApiRequest request, string expected)
    {
        var type = MediaType(request);
        if (type.Length > 0 && type != expected)
            throw UnsupportedType(expected);
    }

    public static StatusException UnsupportedType(params string[] accepted) => new(415, "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");
}
