using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Apply;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>Server-side apply: creates the object, or merges the configuration into it.</summary>
internal sealed class ApplyVerb(ObjectStore store)
{
    public const string MediaType = "application/apply-patch+yaml";

    private const int Attempts = 5;

    private static readonly ResourceKind PatchOptions = new() { Group = "meta.k8s.io", Version = "v1", Kind = "PatchOptions", Plural = "patchoptions" };

    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Query("fieldManager") is null)
            throw StatusException.Invalid(PatchOptions, "", FieldError.Required("fieldManager", "is required for apply patch"));
        if (YamlBody.Parse(Encoding.UTF8.GetString(await RequestBody.ReadAsync(request))) is not JsonObject config)
            throw StatusException.BadRequest("the configuration is not an object");
        if (config["metadata"]?["managedFields"] is JsonArray { Count: > 0 })
            throw StatusException.BadRequest("metadata.managedFields must be nil");
        if (config["apiVersion"] is null || config["kind"] is null)
            throw StatusException.BadRequest("the configuration needs apiVersion and kind");
        Identity.Check(request, config);
        // Each path applies its own part.
        foreach (var name in config.Select(pair => pair.Key).Where(name => name is not ("apiVersion" or "kind" or "metadata") && (name == "status") != (request.Subresource == "status")).ToList())
        {
            if (request.Kind.Has("status"))
                config.Remove(name);
        }
        for (var attempt = 1; ; attempt++)
        {
            var old = store.Find(request.Kind, request.Namespace, request.Name!);
            try
            {
                await Answer.WriteAsync(request, Write(request, old, config), old is null ? 201 : 200);
                return;
            }
            catch (StatusException race) when (race.Reason is "Conflict" or "AlreadyExists" && race.Details?["causes"] is null && attempt < Attempts && config["metadata"]?["resourceVersion"] is null)
            {
                // Somebody wrote between the read and the write.
            }
        }
    }

    private StoredObject Write(ApiRequest request, StoredObject? old, JsonObject config)
    {
        if (old is null && (request.Subresource is not null || config["metadata"]?["uid"] is not null))
            throw StatusException.NotFound(request.Kind, request.Name!);
        var live = old?.ToJson() ?? new JsonObject { ["metadata"] = new JsonObject() };
        var wanted = config.DeepClone().AsObject();
        if (wanted["metadata"]?["resourceVersion"].AsText() is { } version && old is not null && version != live["metadata"]!["resourceVersion"].AsText())
            throw StatusException.Modified(request.Kind, old.Name);
        wanted["metadata"]!.AsObject().Remove("resourceVersion");
        var writer = FieldWriter.WriterOf(request, applies: true);
        var next = FieldManager.Apply(live, wanted, writer, request.Flag("force"), SchemaCatalog.Of(request.Kind), ObjectStore.Timestamp(request.Now));
        return FieldWriter.Applied(store, request, old, next);
    }
}
