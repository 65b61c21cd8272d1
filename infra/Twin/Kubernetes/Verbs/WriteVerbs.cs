using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Patches;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>Create, replace and patch.</summary>
internal sealed class WriteVerbs(ObjectStore store)
{
    private const int Attempts = 5;
    private readonly ApplyVerb _apply = new(store);

    public async Task CreateAsync(ApiRequest request)
    {
        if (request.Kind.Namespaced && request.Namespace is null)
            throw RequestPipeline.NotAllowed();
        var value = await RequestBody.ReadObjectAsync(request);
        Identity.Check(request, value);
        await Answer.WriteAsync(request, Create(request, value), 201);
    }

    public async Task UpdateAsync(ApiRequest request)
    {
        var value = await RequestBody.ReadObjectAsync(request);
        Identity.Check(request, value);
        var old = store.Get(request.Kind, request.Namespace, request.Name!);
        var metadata = value["metadata"]!;
        if (metadata["resourceVersion"] is null && Identity.NeedsVersion(request.Kind))
            throw StatusException.Invalid(request.Kind, request.Name!, FieldError.Invalid("metadata.resourceVersion", "0", "must be specified for an update"));
        await Answer.WriteAsync(request, Write(request, old, value));
    }

    public async Task PatchAsync(ApiRequest request)
    {
        if (RequestBody.MediaType(request) == ApplyVerb.MediaType)
        {
            await _apply.HandleAsync(request);
            return;
        }
        var patch = Patch.Read(request, await RequestBody.ReadAsync(request));
        for (var attempt = 1; ; attempt++)
        {
            var old = store.Get(request.Kind, request.Namespace, request.Name!);
            var value = patch.ApplyTo(old.ToJson());
            Identity.Check(request, value);
            try
            {
                await Answer.WriteAsync(request, Write(request, old, value));
                return;
            }
            catch (StatusException conflict) when (conflict.Reason == "Conflict" && attempt < Attempts && !patch.NamesVersion)
            {
                // Somebody wrote between the read and the write; the patch did not care for a version, so it is made again.
            }
        }
    }

    private StoredObject Create(ApiRequest request, JsonObject value)
    {
        if (request.Kind.Has("status") && request.Kind.Plural != "nodes")
            value.Remove("status");
        return FieldWriter.Create(store, request, value);
    }

    /// <summary>Stores a new state of an object through its main path or a subresource, each of which may change its own part only.</summary>
    private StoredObject Write(ApiRequest request, StoredObject old, JsonObject value)
    {
        var next = request.Subresource == "status" ? old.ToJson() : value;
        if (request.Subresource == "status")
            next["metadata"]!["resourceVersion"] = value["metadata"]!["resourceVersion"]?.DeepClone();
        if (request.Subresource == "status" || request.Kind.Has("status"))
            Identity.Copy("status", request.Subresource == "status" ? value : old.ToJson(), next);
        return FieldWriter.Update(store, request, old, next);
    }
}
