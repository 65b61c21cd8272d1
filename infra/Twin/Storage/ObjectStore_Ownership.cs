using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

/// <summary>The garbage collector: https://kubernetes.io/docs/concepts/architecture/garbage-collection/</summary>
public sealed partial class ObjectStore
{
    private readonly Dictionary<string, StoredObject> _byUid = [];
    private readonly Dictionary<string, HashSet<string>> _dependents = [];

    private void Index(WatchEventType type, StoredObject stored, StoredObject? old)
    {
        if (type == WatchEventType.Deleted)
            _byUid.Remove(stored.Uid);
        else
            _byUid[stored.Uid] = stored;

        foreach (var owner in old?.Owners ?? [])
        {
            if (_dependents.TryGetValue(owner.Uid, out var set) && set.Remove(stored.Uid) && set.Count == 0)
                _dependents.Remove(owner.Uid);
        }
        if (type == WatchEventType.Deleted)
            return;
        foreach (var owner in stored.Owners)
        {
            if (!_dependents.TryGetValue(owner.Uid, out var set))
                _dependents[owner.Uid] = set = [];
            set.Add(stored.Uid);
        }
    }

    private List<StoredObject> DependentsOf(string uid) =>
        _dependents.TryGetValue(uid, out var set) ? [.. set.Select(dependent => _byUid[dependent]).OrderBy(dependent => dependent.ResourceVersion)] : [];

    private void FollowUp(WatchEventType type, StoredObject stored, StoredObject? old)
    {
        FollowCustomKinds(type, stored);
        if (type == WatchEventType.Added && stored.Owners.Count > 0 && stored.Owners.All(IsAbsent))
            Delete(stored.Kind, stored.Namespace, stored.Name, new() { Uid = stored.Uid });
        if (type != WatchEventType.Deleted)
            return;
        DeleteDependents(stored, DeletionPropagation.Background);
        foreach (var owner in old?.Owners ?? [])
            FinishForeground(owner.Uid);
        FinishNamespace(stored.Namespace);
    }

    // An owner of a kind that nobody registered may exist elsewhere: the real collector cannot look either, and leaves its dependents.
    private bool IsAbsent(OwnerReference owner) => !_byUid.ContainsKey(owner.Uid) && Kinds.FindByKind(owner.ApiVersion, owner.Kind) is not null;

    private void DeleteDependents(StoredObject owner, DeletionPropagation propagation)
    {
        foreach (var dependent in DependentsOf(owner.Uid))
        {
            // An earlier deletion of this loop may have taken it along.
            if (!_byUid.TryGetValue(dependent.Uid, out var current))
                continue;
            if (current.Owners.Any(other => other.Uid != owner.Uid && _byUid.TryGetValue(other.Uid, out var living) && !living.IsDeleting))
                DropOwner(current, owner.Uid);
            else if (!current.IsDeleting)
                Delete(current.Kind, current.Namespace, current.Name, new() { Uid = current.Uid, Propagation = propagation });
        }
        FinishForeground(owner.Uid);
    }

    /// <summary>An owner that waits for its dependents goes when the last one that blocks it is gone.</summary>
    private void FinishForeground(string uid)
    {
        if (!_byUid.TryGetValue(uid, out var owner) || !owner.IsDeleting || !owner.Finalizers.Contains(ForegroundFinalizer))
            return;
        if (DependentsOf(uid).Any(dependent => dependent.Owners.Any(reference => reference.Uid == uid && reference.BlocksDeletion)))
            return;
        var value = owner.ToJson();
        var finalizers = value["metadata"]!["finalizers"]!.AsArray();
        finalizers.Remove(finalizers.First(finalizer => (string)finalizer! == ForegroundFinalizer));
        if (finalizers.Count == 0)
            value["metadata"]!.AsObject().Remove("finalizers");
        Update(owner.Kind, value);
    }

    private void Orphan(StoredObject owner)
    {
        foreach (var dependent in DependentsOf(owner.Uid))
            DropOwner(dependent, owner.Uid);
    }

    private void DropOwner(StoredObject dependent, string uid)
    {
        var value = dependent.ToJson();
        var metadata = value["metadata"]!.AsObject();
        var left = metadata["ownerReferences"]!.AsArray().Where(owner => (string?)owner!["uid"] != uid).Select(owner => owner!.DeepClone()).ToArray();
        if (left.Length == 0)
            metadata.Remove("ownerReferences");
        else
            metadata["ownerReferences"] = new JsonArray(left);
        Update(dependent.Kind, value);
    }
}
