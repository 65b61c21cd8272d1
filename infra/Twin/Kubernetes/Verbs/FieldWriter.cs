using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>Stores the objects of clients.</summary>
internal static class FieldWriter
{
    public static StoredObject Create(ObjectStore store, ApiRequest request, JsonObject value) => store.Create(request.Kind, value, request.IsDryRun);

    public static StoredObject Update(ObjectStore store, ApiRequest request, StoredObject old, JsonObject value)
    {
        _ = old;
        return store.Update(request.Kind, value, request.IsDryRun);
    }
}
