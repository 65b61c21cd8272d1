using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Discovery;

/// <summary>OpenAPI: v3 as one JSON document per group and version, v2 as one Protobuf document. https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition</summary>
internal sealed class OpenApiPages(KindTable kinds)
{
    private const string Root = "/openapi/v3";

    // The kinds that the document was made of, to see when custom kinds came or went.
    private volatile Tuple<IReadOnlyList<ResourceKind>, byte[]>? _v2;

    public async Task<bool> TryAsync(HttpContext http, string path)
    {
        if (path == "/openapi/v2")
        {
            await WriteV2Async(http);
            return true;
        }
        var page = path == Root ? Index() : path.StartsWith(Root + "/", StringComparison.Ordinal) ? Document(path[(Root.Length + 1)..]) : null;
        if (page is null)
            return false;
        await StatusWriter.WriteAsync(http, 200, page);
        return true;
    }

    private async Task WriteV2Async(HttpContext http)
    {
        if (!http.Request.Headers.Accept.ToString().Contains(OpenApiV2.MediaType, StringComparison.Ordinal))
            throw new StatusException(406, "NotAcceptable", $"only the following media types are accepted: {OpenApiV2.MediaType}; JSON is at {Root}");
        var all = kinds.All;
        if (_v2 is not { } cached || !ReferenceEquals(cached.Item1, all))
            _v2 = cached = Tuple.Create(all, OpenApiV2.Encode(OpenApiDocument.Of(all)));
        http.Response.ContentType = OpenApiV2.AnsweredType;
        await http.Response.BodyWriter.WriteAsync(cached.Item2, http.RequestAborted);
    }

    private JsonObject Index() => new()
    {
        ["paths"] = new JsonObject(kinds.All.Select(PathOf).Distinct().Select(path =>
            KeyValuePair.Create(path, (JsonNode?)new JsonObject { ["serverRelativeURL"] = $"{Root}/{path}" }))),
    };

    private JsonObject? Document(string path)
    {
        var rows = kinds.All.Where(kind => PathOf(kind) == path).ToList();
        return rows.Count == 0 ? null : OpenApiDocument.Of(rows);
    }

    private static string PathOf(ResourceKind kind) => kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";
}
