using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Discovery;

/// <summary>OpenAPI v3, one document per group and version: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3</summary>
internal sealed class OpenApiPages(KindTable kinds)
{
    private const string Root = "/openapi/v3";

    public async Task<bool> TryAsync(HttpContext http, string path)
    {
        var page = path == Root ? Index() : path.StartsWith(Root + "/", StringComparison.Ordinal) ? Document(path[(Root.Length + 1)..]) : null;
        if (page is null)
            return false;
        await StatusWriter.WriteAsync(http, 200, page);
        return true;
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
