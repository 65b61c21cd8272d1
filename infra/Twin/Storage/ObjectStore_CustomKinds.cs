using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

/// <summary>CustomResourceDefinitions: they register kinds while they exist.</summary>
public sealed partial class ObjectStore
{
    private void PrepareCustomKind(ResourceKind kind, JsonObject value)
    {
        if (!CustomKinds.IsDefinition(kind))
            return;
        // Read for its refusals.
        CustomKinds.Read(value);
        value["status"] = CustomKinds.EstablishedStatus(value, Timestamp(Now));
    }

    private void FollowCustomKinds(WatchEventType type, StoredObject stored)
    {
        if (!CustomKinds.IsDefinition(stored.Kind))
            return;
        var versions = CustomKinds.Read(stored.ToJson());
        if (type == WatchEventType.Deleted)
        {
            foreach (var instance in versions.Take(1).SelectMany(version => List(version).Items))
                Delete(instance.Kind, instance.Namespace, instance.Name, new() { Uid = instance.Uid });
            Kinds.Replace(stored.Name, []);
        }
        else
        {
            Kinds.Replace(stored.Name, versions);
        }
    }
}
