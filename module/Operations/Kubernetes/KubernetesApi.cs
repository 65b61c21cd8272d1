using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace HaCluster.Operations.Kubernetes;

/// <summary>The Kubernetes API over HTTP.</summary>
public sealed partial class KubernetesApi : IKubernetesApi
{
    /// <summary>Owner of the fields that server-side apply and patches set.</summary>
    public const string FieldManager = "ha-cluster";

    private static readonly Dictionary<string, string> PatchTypes = new(StringComparer.Ordinal)
    {
        ["apply"] = "application/apply-patch+yaml",
        ["merge"] = "application/merge-patch+json",
    };

    private readonly KubernetesWire _wire;

    /// <param name="configure">Loads the configuration; called again when the server no longer accepts the credentials.</param>
    /// <param name="trace">Told of every request and retry, without headers or bodies.</param>
    public KubernetesApi(
        Func<CancellationToken, Task<KubernetesClientConfiguration>> configure, KubernetesOptions? options = null, TimeProvider? time = null, Action<string>? trace = null) =>
        _wire = new KubernetesWire(configure, options ?? KubernetesOptions.Default, time ?? TimeProvider.System, trace);

    public Uri Endpoint => _wire.Endpoint;

    private KubernetesOptions Options => _wire.Options;

    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var version = await _wire.SendAsync(Get("/version", "get version", Endpoint.Authority), ReadAsync<JsonObject>, cancellationToken);
        return (string?)version["gitVersion"] ?? "";
    }

    public async Task<string> IdentifyAsync(CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "SelfSubjectReview" };
        var call = Post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "create selfsubjectreviews", Endpoint.Authority, body, isRepeatable: true);
        var review = await _wire.SendAsync(call, ReadAsync<JsonObject>, cancellationToken);
        return (string?)review["status"]?["userInfo"]?["username"] ?? "";
    }

    public async Task<ObjectList<T>> ListAsync<T>(Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            try
            {
                return await ListOnceAsync(kind, scope, cancellationToken);
            }
            catch (HaClusterException exception) when (exception.Code == KubernetesErrors.Expired)
            {
                // The server no longer has the state of the first chunk: begin again. It keeps it for minutes, so this is rare.
            }
        }
    }

    public async Task<T?> FindAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await _wire.SendAsync(Get(kind.Path(@namespace, name), $"get {kind.Plural}", Target(kind, @namespace, name)), ReadAsync<T>, cancellationToken);
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    public Task<T> CreateAsync<T>(Kind<T> kind, string? @namespace, T subject, CancellationToken cancellationToken)
        where T : class
    {
        var name = ObjectJson.IdentityOf(subject).Name;
        var call = new Call(HttpMethod.Post, $"{kind.Path(@namespace)}?fieldManager={FieldManager}", $"create {kind.Plural}", Target(kind, @namespace, name), Options.RequestTimeout, false)
        {
            Body = ObjectJson.Write(subject),
        };
        return _wire.SendAsync(call, ReadAsync<T>, cancellationToken);
    }

    public Task<T> ReplaceAsync<T>(Kind<T> kind, string? @namespace, string name, T subject, CancellationToken cancellationToken, string? subresource = null)
        where T : class
    {
        var call = new Call(
            HttpMethod.Put, $"{kind.Path(@namespace, name, subresource)}?fieldManager={FieldManager}", Named("update", kind, subresource), Target(kind, @namespace, name),
            Options.RequestTimeout, false)
        {
            Body = ObjectJson.Write(subject),
        };
        return _wire.SendAsync(call, ReadAsync<T>, cancellationToken);
    }

    public Task<T> ApplyAsync<T>(Kind<T> kind, string? @namespace, string name, JsonObject intent, bool force, CancellationToken cancellationToken)
        where T : class
    {
        var whole = (JsonObject)intent.DeepClone();
        whole["apiVersion"] = kind.ApiVersion;
        whole["kind"] = kind.Name;
        var metadata = whole["metadata"] as JsonObject;
        if (metadata is null)
            whole["metadata"] = metadata = [];
        metadata["name"] = name;
        if (@namespace is not null)
            metadata["namespace"] = @namespace;
        var call = new Call(
            HttpMethod.Patch, $"{kind.Path(@namespace, name)}?fieldManager={FieldManager}&force={(force ? "true" : "false")}", $"patch {kind.Plural}", Target(kind, @namespace, name),
            Options.RequestTimeout, true)
        {
            // JSON is YAML.
            Body = JsonSerializer.SerializeToUtf8Bytes(whole),
            ContentType = PatchTypes["apply"],
        };
        return _wire.SendAsync(call, ReadAsync<T>, cancellationToken);
    }

    public Task<T> PatchAsync<T>(
        Kind<T> kind, string? @namespace, string name, JsonObject patch, CancellationToken cancellationToken, string? subresource = null, string? resourceVersion = null)
        where T : class => _wire.SendAsync(MergePatch(kind, @namespace, name, patch, subresource, resourceVersion), ReadAsync<T>, cancellationToken);

    public async Task<Scale?> FindScaleAsync<T>(Kind<T> kind, string @namespace, string name, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var call = Get(kind.Path(@namespace, name, "scale"), $"get {kind.Plural}/scale", Target(kind, @namespace, name));
            return ScaleOf(await _wire.SendAsync(call, ReadAsync<V1Scale>, cancellationToken));
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    public async Task<Scale> SetScaleAsync<T>(Kind<T> kind, string @namespace, string name, int replicas, CancellationToken cancellationToken)
        where T : class
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
        return ScaleOf(await _wire.SendAsync(MergePatch(kind, @namespace, name, patch, "scale", null), ReadAsync<V1Scale>, cancellationToken));
    }

    public async Task<bool> DeleteAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (options?.Grace is { } grace)
            body["gracePeriodSeconds"] = (long)grace.TotalSeconds;
        if (options?.Propagation is { } propagation)
            body["propagationPolicy"] = propagation;
        if (options?.Uid is not null || options?.ResourceVersion is not null)
            body["preconditions"] = Preconditions(options.Uid, options.ResourceVersion);
        // With a uid a second attempt cannot hit another object.
        var call = new Call(HttpMethod.Delete, kind.Path(@namespace, name), $"delete {kind.Plural}", Target(kind, @namespace, name), Options.RequestTimeout, options?.Uid is not null)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body),
        };
        try
        {
            return await _wire.SendAsync(call, (_, _) => Task.FromResult(true), cancellationToken);
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound || IsOtherObject(exception))
        {
            return false;
        }
    }

    public async Task<bool> MayAsync<T>(string verb, Kind<T> kind, string? @namespace, CancellationToken cancellationToken, string? subresource = null)
        where T : class
    {
        var attributes = new JsonObject { ["verb"] = verb, ["group"] = kind.Group, ["resource"] = kind.Plural };
        if (@namespace is not null)
            attributes["namespace"] = @namespace;
        if (subresource is not null)
            attributes["subresource"] = subresource;
        var body = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        };
        var call = Post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "create selfsubjectaccessreviews", $"{verb} {kind.Plural}", body, isRepeatable: true);
        var review = await _wire.SendAsync(call, ReadAsync<JsonObject>, cancellationToken);
        return (bool?)review["status"]?["allowed"] ?? false;
    }

    public void Dispose() => _wire.Dispose();

    private async Task<ObjectList<T>> ListOnceAsync<T>(Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class
    {
        var items = new List<T>();
        string? next = null;
        while (true)
        {
            var query = Query(scope, ("limit", Options.ChunkSize.ToString(CultureInfo.InvariantCulture)), ("continue", next));
            var call = new Call(HttpMethod.Get, kind.Path(scope.Namespace) + query, $"list {kind.Plural}", scope.Namespace ?? "all namespaces", Options.ListTimeout, true);
            var page = await _wire.SendAsync(call, ReadPageAsync<T>, cancellationToken);
            items.AddRange(page.Items ?? []);
            next = page.Metadata?.Continue;
            if (string.IsNullOrEmpty(next))
                return new ObjectList<T>(items, page.Metadata?.ResourceVersion ?? "");
        }
    }

    private Call Get(string path, string name, string target) => new(HttpMethod.Get, path, name, target, Options.RequestTimeout, true);

    private Call Post(string path, string name, string target, JsonNode? body, bool isRepeatable) =>
        new(HttpMethod.Post, path, name, target, Options.RequestTimeout, isRepeatable) { Body = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body) };

    private Call MergePatch<T>(Kind<T> kind, string? @namespace, string name, JsonObject patch, string? subresource, string? resourceVersion)
        where T : class
    {
        var body = (JsonObject)patch.DeepClone();
        if (resourceVersion is not null)
        {
            if (body["metadata"] is not JsonObject metadata)
                body["metadata"] = metadata = [];
            metadata["resourceVersion"] = resourceVersion;
        }

        return new Call(
            HttpMethod.Patch, $"{kind.Path(@namespace, name, subresource)}?fieldManager={FieldManager}", Named("patch", kind, subresource), Target(kind, @namespace, name),
            Options.RequestTimeout, resourceVersion is null)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body),
            ContentType = PatchTypes["merge"],
        };
    }

    private static JsonObject Preconditions(string? uid, string? resourceVersion)
    {
        var preconditions = new JsonObject();
        if (uid is not null)
            preconditions["uid"] = uid;
        if (resourceVersion is not null)
            preconditions["resourceVersion"] = resourceVersion;
        return preconditions;
    }

    /// <summary>The precondition on the uid failed (https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/storage/errors.go).</summary>
    private static bool IsOtherObject(HaClusterException exception) =>
        exception.Kind == FailureKind.Conflict && exception.Problem.Contains("UID in precondition", StringComparison.Ordinal);

    private static string Named<T>(string verb, Kind<T> kind, string? subresource)
        where T : class => $"{verb} {kind.Plural}{(subresource is null ? "" : $"/{subresource}")}";

    private static string Target<T>(Kind<T> kind, string? @namespace, string name)
        where T : class => @namespace is null ? $"{kind.Name} {name}" : $"{kind.Name} {@namespace}/{name}";

    private static string Query(ListScope scope, params ReadOnlySpan<(string Name, string? Value)> others)
    {
        var parts = new List<string>();
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("labelSelector", scope.LabelSelector), ("fieldSelector", scope.FieldSelector), .. others])
        {
            if (!string.IsNullOrEmpty(value))
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return parts.Count == 0 ? "" : $"?{string.Join('&', parts)}";
    }

    private static Scale ScaleOf(V1Scale scale) => new(scale.Spec?.Replicas ?? 0, scale.Status?.Replicas ?? 0, scale.Status?.Selector);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await ObjectJson.ReadAsync<T>(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);

    private static async Task<ObjectPage<T>> ReadPageAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await ObjectJson.ReadPageAsync<T>(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
}
