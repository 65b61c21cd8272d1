using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Subresources;

/// <summary>Passes a request on to what stands behind a service or pod: https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/</summary>
internal sealed class ProxySubresource(ObjectStore store, ProxyTable proxies)
{
    public async Task HandleAsync(ApiRequest request)
    {
        var (name, port) = Target(request.Name!);
        store.Get(request.Kind, request.Namespace, name);
        var handler = proxies.Find(new(request.Kind.Plural, request.Namespace ?? "", name, port)) ?? throw Unavailable(request.Kind, name, port);
        var (http, path) = (request.Http, request.Http.Request.Path.Value!);
        // What stands behind must not see who called here.
        http.Request.Headers.Remove("Authorization");
        var scope = request.Namespace is { } @namespace ? $"namespaces/{@namespace}/" : "";
        var rest = path[$"/api/{request.Kind.Version}/{scope}{request.Kind.Plural}/{request.Name}/proxy".Length..];
        (http.Request.PathBase, http.Request.Path) = (path[..^rest.Length], rest.Length == 0 ? "/" : rest);
        await handler(http);
    }

    // [SCHEME:]NAME[:PORT]
    private static (string Name, string Port) Target(string text) => text.Split(':') switch
    {
        [var name] => (name, ""),
        [var name, var port] => (name, port),
        [_, var name, var port] => (name, port),
        _ => throw StatusException.BadRequest($"invalid service request \"{text}\""),
    };

    private static StatusException Unavailable(ResourceKind kind, string name, string port) => new(503, "ServiceUnavailable",
        kind.Plural == "services" ? $"no endpoints available for service \"{name}{(port.Length == 0 ? "" : ":" + port)}\"" : $"error trying to reach pod \"{name}\": connection refused");
}
