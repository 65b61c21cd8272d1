using System.Text.Json.Nodes;

namespace HaCluster.Operations.Kubernetes;

/// <summary>
/// The Kubernetes API of one cluster. Every call has a time-out; reads, and changes that are safe to repeat, are tried again a few times with
/// jitter; every call ends within a second of its cancellation.
/// </summary>
/// <remarks>All calls throw <see cref="HaClusterException"/> with the call, its target and what to try.</remarks>
public interface IKubernetesApi : IDisposable
{
    Uri Endpoint { get; }

    /// <summary>Such as <c>v1.36.2</c>.</summary>
    Task<string> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>Who the server thinks the caller is; the name of the SelfSubjectReview.</summary>
    Task<string> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>All objects, read in chunks.</summary>
    Task<ObjectList<T>> ListAsync<T>(Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class;

    /// <returns>Null when there is none.</returns>
    Task<T?> FindAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken)
        where T : class;

    /// <summary>
    /// All objects, then every change of them, without end: a broken, expired (410) or silent watch is resumed, and what was missed in between
    /// comes as changes. Ends only with its cancellation, or with a failure that a retry does not fix.
    /// </summary>
    IAsyncEnumerable<ObjectChange<T>> WatchAsync<T>(Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class;

    /// <exception cref="HaClusterException"><see cref="FailureKind.AlreadyExists"/> among others.</exception>
    Task<T> CreateAsync<T>(Kind<T> kind, string? @namespace, T subject, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Replaces the object; with its <c>resourceVersion</c> only if nobody changed it (<see cref="FailureKind.Conflict"/>).</summary>
    Task<T> ReplaceAsync<T>(Kind<T> kind, string? @namespace, string name, T subject, CancellationToken cancellationToken, string? subresource = null)
        where T : class;

    /// <summary>Server-side apply, as field manager <c>ha-cluster</c>. <c>apiVersion</c>, <c>kind</c> and name are filled in.</summary>
    /// <param name="intent">The fields to own; anything that System.Text.Json or KubernetesClient writes.</param>
    /// <param name="force">Take fields that another manager owns; otherwise <see cref="FailureKind.Conflict"/> names it.</param>
    Task<T> ApplyAsync<T>(Kind<T> kind, string? @namespace, string name, JsonObject intent, bool force, CancellationToken cancellationToken)
        where T : class;

    /// <summary>A JSON merge patch (RFC 7396), as field manager <c>ha-cluster</c>.</summary>
    /// <param name="resourceVersion">Only if the object is still at this version; null: whatever it is.</param>
    Task<T> PatchAsync<T>(
        Kind<T> kind, string? @namespace, string name, JsonObject patch, CancellationToken cancellationToken, string? subresource = null, string? resourceVersion = null)
        where T : class;

    /// <returns>Replicas wanted and there; null when there is no such object.</returns>
    Task<Scale?> FindScaleAsync<T>(Kind<T> kind, string @namespace, string name, CancellationToken cancellationToken)
        where T : class;

    Task<Scale> SetScaleAsync<T>(Kind<T> kind, string @namespace, string name, int replicas, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Asks the API server to evict the pod, which asks its budgets. Never deletes by itself.</summary>
    /// <param name="uid">Only that pod, not a new one of the same name; null: whichever it is.</param>
    /// <param name="isDryRun">Ask only.</param>
    Task<EvictionAnswer> EvictAsync(string @namespace, string pod, string? uid, CancellationToken cancellationToken, TimeSpan? grace = null, bool isDryRun = false);

    /// <returns>False when it did not exist, or another object has its name now.</returns>
    Task<bool> DeleteAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class;

    /// <summary>A request to a service or pod of the cluster through the API server's proxy.</summary>
    /// <returns>The answer of the program behind it, whatever its status.</returns>
    Task<ProxyAnswer> ProxyAsync(ProxyTarget target, HttpMethod method, string pathAndQuery, JsonNode? body, CancellationToken cancellationToken);

    /// <summary>
    /// A connection to a TCP port of a pod (<c>pods/portforward</c>). Unlike the proxy it carries every byte as it is: TLS begins here and ends in the pod, and a token reaches
    /// nobody between.
    /// </summary>
    Task<Stream> ForwardAsync(string @namespace, string pod, int port, CancellationToken cancellationToken);

    /// <summary>Whether the caller may do it (SelfSubjectAccessReview).</summary>
    /// <param name="verb">Such as <c>patch</c>.</param>
    Task<bool> MayAsync<T>(string verb, Kind<T> kind, string? @namespace, CancellationToken cancellationToken, string? subresource = null)
        where T : class;
}

/// <summary>Which objects of a kind.</summary>
/// <param name="Namespace">Null: all.</param>
public sealed record ListScope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null)
{
    public static readonly ListScope All = new();

    public static ListScope In(string @namespace) => new(@namespace);
}

/// <param name="ResourceVersion">The version of the list, from which a watch goes on.</param>
public sealed record ObjectList<T>(IReadOnlyList<T> Items, string ResourceVersion);

public enum ChangeKind
{
    /// <summary>It is there: it was in the first list, or was created.</summary>
    Added,

    Modified,
    Deleted,

    /// <summary>Without an object: everything that was there at the start has been said.</summary>
    Synced,
}

/// <param name="Subject">Null for <see cref="ChangeKind.Synced"/>.</param>
public sealed record ObjectChange<T>(ChangeKind Kind, T? Subject)
    where T : class;

public sealed record Scale(int Wanted, int There, string? Selector);

/// <summary>Preconditions and manner of a deletion.</summary>
/// <param name="Uid">Only that object.</param>
/// <param name="ResourceVersion">Only at that version.</param>
/// <param name="Grace">Null: the object's own; zero: at once, without asking the kubelet.</param>
/// <param name="Propagation"><c>Background</c>, <c>Foreground</c>, <c>Orphan</c>; null: the default of the kind.</param>
public sealed record DeleteOptions(string? Uid = null, string? ResourceVersion = null, TimeSpan? Grace = null, string? Propagation = null);

public enum EvictionOutcome
{
    /// <summary>The pod is terminating now.</summary>
    Evicted,

    /// <summary>There is no such pod.</summary>
    Gone,

    /// <summary>A budget forbids it now.</summary>
    Refused,
}

/// <param name="Budget">Names of the budgets that forbid it, as <c>namespace/name</c>; empty unless refused.</param>
/// <param name="Reason">The server's words; empty unless refused.</param>
/// <param name="RetryAfter">How long the server asks to wait; null when it does not say.</param>
public sealed record EvictionAnswer(EvictionOutcome Outcome, string Budget, string Reason, TimeSpan? RetryAfter)
{
    public static readonly EvictionAnswer Evicted = new(EvictionOutcome.Evicted, "", "", null);

    public static readonly EvictionAnswer Gone = new(EvictionOutcome.Gone, "", "", null);
}

/// <summary>A program in the cluster, as the API server's proxy addresses it.</summary>
/// <param name="Plural"><c>services</c> or <c>pods</c>.</param>
/// <param name="Port">Number or name.</param>
public sealed record ProxyTarget(string Namespace, string Plural, string Name, string Port, bool IsTls = false)
{
    public static ProxyTarget Service(string @namespace, string name, string port) => new(@namespace, "services", name, port);

    public static ProxyTarget Pod(string @namespace, string name, string port) => new(@namespace, "pods", name, port);

    public override string ToString() => $"{Plural[..^1]} {Namespace}/{Name}:{Port}";

    internal string Path => $"/api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/{Plural}/{(IsTls ? "https:" : "")}{Uri.EscapeDataString(Name)}:{Uri.EscapeDataString(Port)}/proxy";
}

public sealed record ProxyAnswer(int Status, string Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
