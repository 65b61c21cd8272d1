using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Patches;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Verbs;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Subresources;

/// <summary>The replicas of whatever has them: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ (scale)</summary>
internal sealed class ScaleSubresource(ObjectStore store)
{
    private static readonly ScalePaths BuiltIn = new(".spec.replicas", ".status.replicas", null);

    public Task GetAsync(ApiRequest request) => Answer.WriteJsonAsync(request, ScaleOf(store.Get(request.Kind, request.Namespace, request.Name!)));

    public async Task UpdateAsync(ApiRequest request) => await WriteAsync(request, await RequestBody.ReadObjectAsync(request));

    public async Task PatchAsync(ApiRequest request)
    {
        var patch = Patch.Read(request, await RequestBody.ReadAsync(request));
        await WriteAsync(request, patch.ApplyTo(ScaleOf(store.Get(request.Kind, request.Namespace, request.Name!))), patch.NamesVersion);
    }

    private async Task WriteAsync(ApiRequest request, JsonObject scale, bool namesVersion = true)
    {
        var old = store.Get(request.Kind, request.Namespace, request.Name!);
        var replicas = scale["spec"]?["replicas"].AsLong() ?? 0;
        if (replicas < 0)
        {
            var scaleKind = new ResourceKind { Group = "autoscaling", Version = "v1", Kind = "Scale", Plural = "scales" };
            throw StatusException.Invalid(scaleKind, old.Name, FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0"));
        }
        var value = old.ToJson();
        var version = namesVersion ? scale["metadata"]?["resourceVersion"] : null;
        if (version is not null && (string?)version != (string?)value["metadata"]!["resourceVersion"])
            throw StatusException.Modified(request.Kind, old.Name);
        Set(value, Paths(request.Kind).SpecReplicas, replicas);
        var stored = FieldWriter.Update(store, request, old, value);
        await Answer.WriteJsonAsync(request, ScaleOf(stored));
    }

    private static JsonObject ScaleOf(StoredObject value)
    {
        var paths = Paths(value.Kind);
        var metadata = new JsonObject { ["name"] = value.Name };
        foreach (var field in (string[])["namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (value.Text("metadata", field) is { } text)
                metadata[field] = text;
        }
        var status = new JsonObject { ["replicas"] = value.Number(Parts(paths.StatusReplicas)) ?? 0 };
        var selector = paths.LabelSelector is { } path ? value.Text(Parts(path)) : value.Find("spec", "selector") is { } labels ? Selector(labels) : null;
        if (selector is not null)
            status["selector"] = selector;
        return new()
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = value.Number(Parts(paths.SpecReplicas)) ?? 0 },
            ["status"] = status,
        };
    }

    // The form of a query. A ReplicationController's selector is its labels alone.
    private static string Selector(JsonElement selector)
    {
        var labels = selector.TryGetProperty("matchLabels", out var match) ? match : selector.TryGetProperty("matchExpressions", out _) ? default : selector;
        var terms = new List<string>();
        if (labels.ValueKind == JsonValueKind.Object)
            terms.AddRange(labels.EnumerateObject().Select(label => $"{label.Name}={label.Value.GetString()}"));
        if (selector.TryGetProperty("matchExpressions", out var expressions))
        {
            foreach (var expression in expressions.EnumerateArray())
            {
                var key = expression.GetProperty("key").GetString();
                var values = expression.TryGetProperty("values", out var list) ? string.Join(',', list.EnumerateArray().Select(item => item.GetString())) : "";
                terms.Add(expression.GetProperty("operator").GetString() switch
                {
                    "In" => $"{key} in ({values})",
                    "NotIn" => $"{key} notin ({values})",
                    "Exists" => $"{key}",
                    _ => $"!{key}",
                });
            }
        }
        return string.Join(',', terms);
    }

    private static void Set(JsonObject value, string path, long number)
    {
        var parts = Parts(path);
        JsonNode at = value;
        foreach (var part in parts[..^1])
            at = at[part] ??= new JsonObject();
        at[parts[^1]] = number;
    }

    private static ScalePaths Paths(ResourceKind kind) => kind.Scale ?? BuiltIn;

    private static string[] Parts(string path) => path.TrimStart('.').Split('.');
}
