using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace HaCluster.Operations.Kubernetes;

/// <summary>
/// The cluster as it was at one time: what was asked once is not asked again, so that all parts of a plan speak of the same objects, and the pods of a
/// large cluster cross the network once and not once per step. It lives as long as one plan, and changes nothing.
/// </summary>
/// <param name="api">Not disposed here.</param>
internal sealed class OneReading(IKubernetesApi api) : IKubernetesApi
{
    /// <summary>Tasks, so that two parts that ask at the same time wait for one response; lazy, so that only one of them sends the request.</summary>
    private readonly ConcurrentDictionary<object, Lazy<Task>> _read = new();

    public Uri Endpoint => api.Endpoint;

    public Task<string> ReadVersionAsync(CancellationToken cancellationToken) => api.ReadVersionAsync(cancellationToken);

    public Task<string> IdentifyAsync(CancellationToken cancellationToken) => api.IdentifyAsync(cancellationToken);

    public Task<ObjectList<T>> ListAsync<T>(Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class => OnceAsync((kind, scope), () => api.ListAsync(kind, scope, cancellationToken));

    public Task<T?> FindAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken)
        where T : class => OnceAsync((kind, @namespace, name), () => api.FindAsync(kind, @namespace, name, cancellationToken));

    public Task<Scale?> FindScaleAsync<T>(Kind<T> kind, string @namespace, string name, CancellationToken cancellationToken)
        where T : class => api.FindScaleAsync(kind, @namespace, name, cancellationToken);

    public Task<ProxyAnswer> ProxyAsync(ProxyTarget target, HttpMethod method, string pathAndQuery, JsonNode? body, CancellationToken cancellationToken) =>
        method == HttpMethod.Get ? api.ProxyAsync(target, method, pathAndQuery, body, cancellationToken) : throw Changes();

    public Task<Stream> ForwardAsync(string @namespace, string pod, int port, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A plan asks the API server only.");

    public Task<bool> MayAsync<T>(string verb, Kind<T> kind, string? @namespace, CancellationToken cancellationToken, string? subresource = null)
        where T : class => api.MayAsync(verb, kind, @namespace, cancellationToken, subresource);

    public IAsyncEnumerable<ObjectChange<T>> WatchAsync<T>(Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class => throw new NotSupportedException("A plan looks once.");

    public Task<T> CreateAsync<T>(Kind<T> kind, string? @namespace, T subject, CancellationToken cancellationToken)
        where T : class => throw Changes();

    public Task<T> ReplaceAsync<T>(Kind<T> kind, string? @namespace, string name, T subject, CancellationToken cancellationToken, string? subresource = null)
        where T : class => throw Changes();

    public Task<T> ApplyAsync<T>(Kind<T> kind, string? @namespace, string name, JsonObject intent, bool force, CancellationToken cancellationToken)
        where T : class => throw Changes();

    public Task<T> PatchAsync<T>(
        Kind<T> kind, string? @namespace, string name, JsonObject patch, CancellationToken cancellationToken, string? subresource = null, string? resourceVersion = null)
        where T : class => throw Changes();

    public Task<Scale> SetScaleAsync<T>(Kind<T> kind, string @namespace, string name, int replicas, CancellationToken cancellationToken)
        where T : class => throw Changes();

    public Task<EvictionAnswer> EvictAsync(string @namespace, string pod, string? uid, CancellationToken cancellationToken, TimeSpan? grace = null, bool isDryRun = false) =>
        isDryRun ? api.EvictAsync(@namespace, pod, uid, cancellationToken, grace, isDryRun) : throw Changes();

    public Task<bool> DeleteAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class => throw Changes();

    public void Dispose()
    {
        // The session owns what is behind it.
    }

    private Task<TResult> OnceAsync<TResult>(object question, Func<Task<TResult>> ask) => (Task<TResult>)_read.GetOrAdd(question, _ => new Lazy<Task>(ask)).Value;

    private static NotSupportedException Changes() => new("A plan only reads, and this call changes the cluster.");
}
