using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Discovery;

/// <summary>
/// What clients read to learn about the server: health, version, groups, resources, OpenAPI. Aggregated discovery is not served: clients that prefer it
/// fall back to these pages, https://kubernetes.io/docs/concepts/overview/kubernetes-api/#unaggregated-discovery
/// </summary>
internal sealed class DiscoveryPages(KindTable kinds, ApiServerOptions options)
{
    private readonly OpenApiPages _openApi = new(kinds);

    /// <summary>Pages that need no token: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles</summary>
    public async Task<bool> TryOpenAsync(HttpContext http, string path)
    {
        switch (path)
        {
            case "/healthz" or "/livez" or "/readyz":
                await http.Response.WriteAsync("ok");
                return true;
            case "/version" or "/version/":
                await StatusWriter.WriteAsync(http, 200, Version());
                return true;
            default:
                return false;
        }
    }

    public async Task<bool> TryAsync(HttpContext http, string path)
    {
        if (path.StartsWith("/openapi/", StringComparison.Ordinal))
            return await _openApi.TryAsync(http, path);
        var page = path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [] => Paths(),
            ["api"] => Versions(),
            ["apis"] => Groups(),
            ["apis", var group] => Group(group),
            ["api", var version] => Resources("", version),
            ["apis", var group, var version] => Resources(group, version),
            _ => null,
        };
        if (page is null)
            return false;
        if (http.Request.Method is not ("GET" or "HEAD"))
            throw RequestPipeline.NotAllowed();
        await StatusWriter.WriteAsync(http, 200, page);
        return true;
    }

    private JsonObject Version()
    {
        var parts = options.Version.TrimStart('v').Split('.');
        return new()
        {
            ["major"] = parts[0],
            ["minor"] = parts[1],
            ["gitVersion"] = options.Version,
            ["gitCommit"] = "twin",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "none",
            ["platform"] = "hacluster/twin",
        };
    }

    private JsonObject Paths() => new()
    {
        ["paths"] = new JsonArray(["/api", "/api/v1", "/apis", .. GroupVersions().Select(pair => (JsonNode)$"/apis/{pair.Group}/{pair.Version}"), "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]),
    };

    private static JsonObject Versions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    private JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. GroupVersions().GroupBy(pair => pair.Group).Select(group => GroupOf(group.Key, group.Select(pair => pair.Version)))]),
    };

    private JsonObject? Group(string name)
    {
        var versions = GroupVersions().Where(pair => pair.Group == name).Select(pair => pair.Version).ToList();
        if (versions.Count == 0)
            return null;
        var group = GroupOf(name, versions);
        group.Insert(0, "kind", "APIGroup");
        group.Insert(1, "apiVersion", "v1");
        return group;
    }

    private static JsonObject GroupOf(string name, IEnumerable<string> versions)
    {
        JsonObject Version(string version) => new() { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
        return new()
        {
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions.Select(Version)]),
            ["preferredVersion"] = Version(versions.First()),
        };
    }

    private JsonObject? Resources(string group, string version)
    {
        var rows = kinds.All.Where(kind => kind.Group == group && kind.Version == version).ToList();
        if (rows.Count == 0)
            return null;
        return new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = rows[0].ApiVersion,
            ["resources"] = new JsonArray([.. rows.SelectMany(ResourceRows.Of)]),
        };
    }

    private IEnumerable<(string Group, string Version)> GroupVersions() =>
        kinds.All.Where(kind => kind.Group.Length > 0).Select(kind => (kind.Group, kind.Version)).Distinct();
}
