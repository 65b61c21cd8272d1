using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

/// <summary>The life of a namespace: it takes its content along, and goes when the last object is gone.</summary>
public sealed partial class ObjectStore
{
    private static bool IsNamespace(ResourceKind kind) => kind is { Group: "", Plural: "namespaces" };

    private void PrepareLifecycle(ResourceKind kind, JsonObject value)
    {
        if (IsNamespace(kind))
        {
            var metadata = value["metadata"]!.AsObject();
            if (metadata["labels"] is not JsonObject labels)
                metadata["labels"] = labels = [];
            // https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
            labels["kubernetes.io/metadata.name"] = metadata["name"]!.DeepClone();
            value["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            value["status"] = new JsonObject { ["phase"] = "Active" };
        }
        PrepareCustomKind(kind, value);
    }

    private void RequireLiveNamespace(ResourceKind kind, string @namespace, string name)
    {
        var namespaces = Kinds["namespaces"];
        if (Find(namespaces, null, @namespace) is not { } found)
            throw StatusException.NotFound(namespaces, @namespace);
        if (found.IsDeleting)
            throw StatusException.Forbidden(kind, name, $"unable to create new content in namespace {@namespace} because it is being terminated");
    }

    private DeleteResult DeleteNamespace(StoredObject old)
    {
        if (!old.IsDeleting)
        {
            var value = old.ToJson();
            value["metadata"]!["deletionTimestamp"] = Timestamp(Now);
            value["status"]!["phase"] = "Terminating";
            old = Commit(WatchEventType.Modified, old.Kind, value, old);
            foreach (var content in ContentOf(old.Name))
            {
                if (_byUid.ContainsKey(content.Uid))
                    Delete(content.Kind, content.Namespace, content.Name, new() { Uid = content.Uid });
            }
        }
        FinishNamespace(old.Name);
        return Find(old.Kind, null, old.Name) is { } left && left.Uid == old.Uid ? new(left, IsGone: false) : new(old, IsGone: true);
    }

    private void FinishNamespace(string? name)
    {
        if (name is not null && Find(Kinds["namespaces"], null, name) is { IsDeleting: true, Finalizers.Count: 0 } found && ContentOf(name).Count == 0)
            Remove(found, found.ToJson());
    }

    private List<StoredObject> ContentOf(string @namespace) => [.. _resources.Values.SelectMany(resource => resource.ContentOf(@namespace))];
}
