using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Verbs;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Subresources;

/// <summary>Which handler answers which subresource.</summary>
internal sealed class SubresourceTable(ObjectStore store, ProxyTable proxies, PodPorts ports, CancellationToken stopping)
{
    private readonly ReadVerbs _read = new(store);
    private readonly WriteVerbs _write = new(store);
    private readonly ScaleSubresource _scale = new(store);
    private readonly EvictionSubresource _eviction = new(store);
    private readonly BindingSubresource _binding = new(store);
    private readonly ProxySubresource _proxy = new(store, proxies);
    private readonly PortForwardSubresource _portForward = new(store, ports, stopping);

    public Task HandleAsync(ApiRequest request)
    {
        if (!request.Kind.Has(request.Subresource!))
            throw RequestPipeline.NoSuchPath();
        return (request.Subresource, request.Method) switch
        {
            ("proxy", _) => _proxy.HandleAsync(request),
            ("portforward", _) => _portForward.HandleAsync(request),
            ("scale", "GET") => _scale.GetAsync(request),
            ("scale", "PUT") => _scale.UpdateAsync(request),
            ("scale", "PATCH") => _scale.PatchAsync(request),
            ("eviction", "POST") => _eviction.CreateAsync(request),
            ("binding", "POST") => _binding.CreateAsync(request),
            ("status" or "ephemeralcontainers" or "resize", "GET") => _read.GetAsync(request),
            ("status" or "finalize", "PUT") => _write.UpdateAsync(request),
            ("status", "PATCH") => _write.PatchAsync(request),
            ("status" or "scale" or "eviction" or "binding" or "finalize", _) => throw RequestPipeline.NotAllowed(),
            ("token", _) => throw NotImplemented("serviceaccounts/token: this server issues no tokens; its users are those that it was started with"),
            (var name, _) => throw NotImplemented($"{request.Kind.Plural}/{name}: this cluster runs no containers, so there is nothing to read, run or connect to"),
        };
    }

    private static StatusException NotImplemented(string why) => new(501, "NotImplemented", why);
}
