using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Apply;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Kubernetes.Validation;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>The last steps of every write of a client: check the fields, fill in defaults, validate, note who wrote what, store.</summary>
internal static class FieldWriter
{
    public static StoredObject Create(ObjectStore store, ApiRequest request, JsonObject value)
    {
        Prepare(request, value, null);
        FieldManager.Track(null, value, WriterOf(request, applies: false), SchemaCatalog.Of(request.Kind), ObjectStore.Timestamp(request.Now));
        return store.Create(request.Kind, value, request.IsDryRun);
    }

    public static StoredObject Update(ObjectStore store, ApiRequest request, StoredObject old, JsonObject value)
    {
        Prepare(request, value, old);
        FieldManager.Track(old.ToJson(), value, WriterOf(request, applies: false), SchemaCatalog.Of(request.Kind), ObjectStore.Timestamp(request.Now));
        return store.Update(request.Kind, value, request.IsDryRun);
    }

    /// <summary>Stores what an apply made; it has noted its fields itself.</summary>
    public static StoredObject Applied(ObjectStore store, ApiRequest request, StoredObject? old, JsonObject value)
    {
        Prepare(request, value, old);
        return old is null ? store.Create(request.Kind, value, request.IsDryRun) : store.Update(request.Kind, value, request.IsDryRun);
    }

    public static Writer WriterOf(ApiRequest request, bool applies) => new(request.FieldManager, applies, request.Subresource, request.Kind.ApiVersion);

    private static void Prepare(ApiRequest request, JsonObject value, StoredObject? old)
    {
        UnknownFields.Check(request, value);
        Defaults.Fill(request.Kind, value, isNew: old is null);
        ObjectRules.Validate(request.Kind, value, old);
    }
}
