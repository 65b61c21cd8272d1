using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.Storage;

/// <summary>Short ways to write objects in tests.</summary>
internal static class StoreFixture
{
    public static JsonObject Object(string name, string? owner = null, bool blocks = false, string? finalizer = null)
    {
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = "default" };
        if (owner is not null)
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["name"] = "owner",
                ["uid"] = owner,
                ["controller"] = true,
                ["blockOwnerDeletion"] = blocks,
            });
        }
        if (finalizer is not null)
            metadata["finalizers"] = new JsonArray(finalizer);
        return new() { ["metadata"] = metadata };
    }

    public static ResourceKind ConfigMaps(this ObjectStore store) => store.Kinds["configmaps"];

    public static StoredObject Add(this ObjectStore store, string name, string? owner = null, bool blocks = false, string? finalizer = null) =>
        store.Create(store.ConfigMaps(), Object(name, owner, blocks, finalizer));

    public static StoredObject? Look(this ObjectStore store, string name) => store.Find(store.ConfigMaps(), "default", name);

    public static List<WatchEvent> Drain(this WatchCursor cursor)
    {
        var events = new List<WatchEvent>();
        while (cursor.TryRead(out var change))
            events.Add(change);
        return events;
    }
}
