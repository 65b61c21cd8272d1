using HaCluster.Twin.Kubernetes.Discovery;
using HaCluster.Twin.Kubernetes.Subresources;
using HaCluster.Twin.Kubernetes.Verbs;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>What happens to a request, top-down: who is it, what does it name, may it, and then the verb.</summary>
internal sealed class RequestPipeline(ObjectStore store, ApiServerOptions options, ProxyTable proxies, PodPorts ports, CancellationToken stopping)
{
    private readonly DiscoveryPages _pages = new(store.Kinds, options);
    private readonly ReadVerbs _read = new(store);
    private readonly WatchVerb _watch = new(store, options, stopping);
    private readonly WriteVerbs _write = new(store);
    private readonly DeleteVerbs _delete = new(store);
    private readonly SubresourceTable _subresources = new(store, proxies, ports, stopping);

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await DispatchAsync(http);
        }
        catch (StatusException refusal)
        {
            await StatusWriter.WriteAsync(http, refusal);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            // Nobody reads an answer.
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            // Like the real server's panic handler; the type says where to look, and a message could hold a secret.
            await StatusWriter.WriteAsync(http, new StatusException(500, "InternalError", $"Internal error occurred: {error.GetType().Name}: {error.Message}"));
        }
    }

    private async Task DispatchAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        if (await _pages.TryOpenAsync(http, path))
            return;
        var user = Authenticate(http);
        if (await _pages.TryAsync(http, path))
            return;
        var request = new ApiRequest(http, user, ApiPath.Parse(path, store.Kinds) ?? throw NoSuchPath(), store.Now);
        Authorize(request);
        await (request.Subresource is null ? ResourceAsync(request) : _subresources.HandleAsync(request));
    }

    private Task ResourceAsync(ApiRequest request) => request.Verb switch
    {
        "create" when request.Kind.IsVirtual => Reviews.AnswerAsync(request),
        _ when request.Kind.IsVirtual => throw NotAllowed(),
        "get" => _read.GetAsync(request),
        "list" => _read.ListAsync(request),
        "watch" => _watch.HandleAsync(request),
        "create" when request.Name is null => _write.CreateAsync(request),
        "update" when request.Name is not null => _write.UpdateAsync(request),
        "patch" when request.Name is not null => _write.PatchAsync(request),
        "delete" => _delete.DeleteAsync(request),
        "deletecollection" => _delete.DeleteCollectionAsync(request),
        _ => throw NotAllowed(),
    };

    private ApiUser Authenticate(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : "";
        return options.Users.FirstOrDefault(user => user.Token == token) ?? options.FindUser(token) ?? throw new StatusException(401, "Unauthorized", "Unauthorized");
    }

    // https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/responsewriters/errors.go
    private static void Authorize(ApiRequest request)
    {
        var (kind, resource) = (request.Kind, request.Subresource is null ? request.Kind.Plural : $"{request.Kind.Plural}/{request.Subresource}");
        if (request.User.May(new(request.Verb, kind.Group, resource, request.Namespace, request.Name)))
            return;
        var scope = request.Namespace is { } name ? $" in the namespace \"{name}\"" : " at the cluster scope";
        var why = $"User \"{request.User.Name}\" cannot {request.Verb} resource \"{resource}\" in API group \"{kind.Group}\"{scope}";
        throw request.Name is { } target
            ? StatusException.Forbidden(kind, target, why)
            : new StatusException(403, "Forbidden", $"{kind.Resource} is forbidden: {why}", new() { ["group"] = kind.Group.Length == 0 ? null : kind.Group, ["kind"] = kind.Plural });
    }

    public static StatusException NotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static StatusException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource", new());
}
