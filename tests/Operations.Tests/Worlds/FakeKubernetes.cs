using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using k8s;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>The Kubernetes side of the fake world, with the conflicts, preconditions and budgets that operations rely on.</summary>
internal sealed class FakeKubernetes(FakeAccess access) : IKubernetesApi
{
    public Uri Endpoint => new("https://fake.test");

    public Task<string> ReadVersionAsync(CancellationToken cancellationToken) => Task.FromResult("v1.36.2");

    public Task<string> IdentifyAsync(CancellationToken cancellationToken) => Task.FromResult("tester");

    public Task<ObjectList<T>> ListAsync<T>(Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class => access.ReadAsync($"GET {kind.Plural}{(scope == ListScope.All ? ", all" : "")}", world =>
        new ObjectList<T>([.. world.All(kind.Plural).Where(subject => IsIn(subject, scope)).Select(Read<T>)], $"{world.Version}"), cancellationToken);

    public Task<T?> FindAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken)
        where T : class => access.ReadAsync($"GET {kind.Plural}", world => world.Find(kind.Plural, @namespace, name) is { } found ? Read<T>(found) : null, cancellationToken);

    public async IAsyncEnumerable<ObjectChange<T>> WatchAsync<T>(Kind<T> kind, ListScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        foreach (var subject in (await ListAsync(kind, scope, cancellationToken)).Items)
            yield return new(ChangeKind.Added, subject);
    }

    public Task<T> CreateAsync<T>(Kind<T> kind, string? @namespace, T subject, CancellationToken cancellationToken)
        where T : class
    {
        var json = Write(subject);
        var name = FakeWorld.Name(json);
        return ChangeAsync(kind, $"create {kind.Plural} {@namespace}/{name}", world =>
        {
            if (world.Find(kind.Plural, @namespace, name) is not null)
                throw Failure(FailureKind.AlreadyExists, kind.Plural, name, "exists");
            if (@namespace is not null)
                json["metadata"]!["namespace"] = @namespace;
            json["metadata"]!.AsObject().Remove("uid");
            return Read<T>(world.Put(kind.Plural, json));
        }, cancellationToken);
    }

    public Task<T> ReplaceAsync<T>(Kind<T> kind, string? @namespace, string name, T subject, CancellationToken cancellationToken, string? subresource = null)
        where T : class
    {
        var json = Write(subject);
        return ChangeAsync(kind, $"replace {kind.Plural} {@namespace}/{name}", world =>
        {
            var present = Present(world, kind, @namespace, name);
            if (json["metadata"]!["resourceVersion"]?.GetValue<string>() is { } version && version != present["metadata"]!["resourceVersion"]!.GetValue<string>())
                throw Failure(FailureKind.Conflict, kind.Plural, name, "the object has been modified");
            json["metadata"]!["uid"] = present["metadata"]!["uid"]!.DeepClone();
            return Read<T>(world.Put(kind.Plural, json));
        }, cancellationToken);
    }

    public Task<T> ApplyAsync<T>(Kind<T> kind, string? @namespace, string name, JsonObject intent, bool force, CancellationToken cancellationToken)
        where T : class => throw new NotSupportedException("no operation applies");

    public Task<T> PatchAsync<T>(
        Kind<T> kind, string? @namespace, string name, JsonObject patch, CancellationToken cancellationToken, string? subresource = null, string? resourceVersion = null)
        where T : class => ChangeAsync(kind, $"patch {kind.Plural} {@namespace}/{name} {patch.ToJsonString()}", world =>
        {
            var present = Present(world, kind, @namespace, name);
            if (patch["metadata"]?["resourceVersion"]?.GetValue<string>() is { } version && version != present["metadata"]!["resourceVersion"]!.GetValue<string>())
                throw Failure(FailureKind.Conflict, kind.Plural, name, "the object has been modified");
            Merge(present, patch);
            return Read<T>(world.Put(kind.Plural, present));
        }, cancellationToken);

    public Task<Scale?> FindScaleAsync<T>(Kind<T> kind, string @namespace, string name, CancellationToken cancellationToken)
        where T : class => access.ReadAsync($"GET {kind.Plural}/scale", world =>
        world.Find(kind.Plural, @namespace, name) is { } found ? new Scale(found["spec"]!["replicas"]!.GetValue<int>(), 0, null) : null, cancellationToken);

    public Task<Scale> SetScaleAsync<T>(Kind<T> kind, string @namespace, string name, int replicas, CancellationToken cancellationToken)
        where T : class => ChangeAsync(kind, $"scale {kind.Plural} {@namespace}/{name} {replicas}", world =>
        {
            var present = Present(world, kind, @namespace, name);
            present["spec"]!["replicas"] = replicas;
            world.Put(kind.Plural, present);
            return new Scale(replicas, 0, null);
        }, cancellationToken);

    public Task<EvictionAnswer> EvictAsync(string @namespace, string pod, string? uid, CancellationToken cancellationToken, TimeSpan? grace = null, bool isDryRun = false)
    {
        var call = $"evict {@namespace}/{pod}";
        return access.TryChangeAsync(call, isCounted: true, world =>
        {
            if (world.Find("pods", @namespace, pod) is not { } found || uid is not null && found["metadata"]!["uid"]!.GetValue<string>() != uid || found["metadata"]!["deletionTimestamp"] is not null)
                return (EvictionAnswer.Gone, false);
            var app = found["metadata"]!["labels"]!["app"]!.GetValue<string>();
            var budget = world.All("poddisruptionbudgets").FirstOrDefault(budget => budget["spec"]!["selector"]!["matchLabels"]!["app"]!.GetValue<string>() == app);
            var allowed = budget?["status"]?["disruptionsAllowed"]?.GetValue<int>() ?? 1;
            if (allowed < 1)
                return (new EvictionAnswer(EvictionOutcome.Refused, $"{@namespace}/{FakeWorld.Name(budget!)}", "Cannot evict pod as it would violate the pod's disruption budget.", null), false);
            if (budget is not null)
                budget["status"]!["disruptionsAllowed"] = allowed - 1;
            found["metadata"]!["deletionTimestamp"] = "2026-11-29T03:00:00Z";
            world.Put("pods", found);
            world.Log.Add($"{call} {uid}");
            return (EvictionAnswer.Evicted, true);
        }, cancellationToken);
    }

    public Task<bool> DeleteAsync<T>(Kind<T> kind, string? @namespace, string name, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class => ChangeAsync(kind, $"delete {kind.Plural} {@namespace}/{name}", world =>
        {
            if (world.Find(kind.Plural, @namespace, name) is not { } found || options?.Uid is { } uid && found["metadata"]!["uid"]!.GetValue<string>() != uid)
                return false;
            if (found["metadata"]!["finalizers"] is not null)
                found["metadata"]!["deletionTimestamp"] = "2026-11-29T03:00:00Z";
            else
                FakeControllers.Delete(world, kind.Plural, found);
            return true;
        }, cancellationToken);

    public Task<ProxyAnswer> ProxyAsync(ProxyTarget target, HttpMethod method, string pathAndQuery, JsonNode? body, CancellationToken cancellationToken) =>
        throw Failure(FailureKind.NotFound, "services/proxy", target.Name, "no such service");

    public Task<Stream> ForwardAsync(string @namespace, string pod, int port, CancellationToken cancellationToken) =>
        throw Failure(FailureKind.NotFound, "pods/portforward", pod, "no such pod");

    public Task<bool> MayAsync<T>(string verb, Kind<T> kind, string? @namespace, CancellationToken cancellationToken, string? subresource = null)
        where T : class => Task.FromResult(true);

    public void Dispose()
    {
    }

    internal static HaClusterException Failure(FailureKind kind, string call, string target, string problem) => new(kind, call, target, problem, "");

    private static JsonObject Present<T>(FakeWorld world, Kind<T> kind, string? @namespace, string name)
        where T : class => world.Find(kind.Plural, @namespace, name)?.DeepClone().AsObject() ?? throw Failure(FailureKind.NotFound, kind.Plural, name, "not found");

    /// <summary>Leases and records are written beside the operation, at times that differ from run to run: no kill points, and nothing for the log.</summary>
    private Task<TResult> ChangeAsync<T, TResult>(Kind<T> kind, string call, Func<FakeWorld, TResult> change, CancellationToken cancellationToken)
        where T : class
    {
        var isCounted = kind.Plural is not ("leases" or "configmaps") && !call.StartsWith("create namespaces", StringComparison.Ordinal);
        return access.TryChangeAsync(call, isCounted, world =>
        {
            var result = change(world);
            if (isCounted)
                world.Log.Add(call);
            return (result, isCounted);
        }, cancellationToken);
    }

    private static bool IsIn(JsonObject subject, ListScope scope) =>
        (scope.Namespace is null || subject["metadata"]!["namespace"]?.GetValue<string>() == scope.Namespace)
        && (scope.LabelSelector is not { } label || HasLabel(subject["metadata"]!["labels"] as JsonObject, label.Split('=')))
        && (scope.FieldSelector is not { } field || subject["spec"]?["nodeName"]?.GetValue<string>() == field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    private static bool HasLabel(JsonObject? labels, string[] wanted) => labels?.ContainsKey(wanted[0]) == true && (wanted.Length == 1 || (string?)labels[wanted[0]] == wanted[1]);

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
                target.Remove(key);
            else if (value is JsonObject inner && target[key] is JsonObject present)
                Merge(present, inner);
            else
                target[key] = value.DeepClone();
        }
    }

    private static T Read<T>(JsonObject json)
        where T : class => typeof(T) == typeof(JsonObject) ? (T)(object)json.DeepClone().AsObject() : ObjectJson.Read<T>(JsonSerializer.SerializeToElement(json));

    private static JsonObject Write<T>(T subject)
        where T : class => subject is JsonObject json ? json.DeepClone().AsObject() : JsonNode.Parse(KubernetesJson.Serialize(subject))!.AsObject();
}
