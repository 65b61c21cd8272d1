using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

public sealed partial class ObjectStore
{
    private const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>
    /// Deletes an object, and what it owns. It stays with a deletionTimestamp while it has finalizers, while what it owns goes first, and, a pod on a node,
    /// until its kubelet deletes it with a grace period of 0.
    /// </summary>
    /// <exception cref="StatusException">404: it does not exist; 409: another uid or version than asked for; 403: an admission refuses.</exception>
    public DeleteResult Delete(ResourceKind kind, string? @namespace, string name, DeleteRequest? request = null)
    {
        request ??= new();
        lock (_gate)
        {
            var old = Get(kind, @namespace, name);
            if (request.Uid is { } uid && uid != old.Uid)
                throw StatusException.Conflict(kind, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid}");
            if (request.ResourceVersion is { } version && version != Invariant(old.ResourceVersion))
                throw StatusException.Conflict(kind, name, $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {old.ResourceVersion}");
            foreach (var admission in Admissions)
                admission.Admit(new(this, AdmissionOperation.Delete, kind, null, old, request.DryRun));
            if (request.DryRun)
                return new(old, IsGone: true);
            return IsNamespace(kind) ? DeleteNamespace(old) : DeleteObject(old, request);
        }
    }

    private DeleteResult DeleteObject(StoredObject old, DeleteRequest request)
    {
        var grace = GracePeriod(old, request);
        var finalizers = old.Finalizers.ToList();
        if (request.Propagation == DeletionPropagation.Orphan)
            Orphan(old);
        else if (request.Propagation == DeletionPropagation.Foreground && DependentsOf(old.Uid).Count > 0 && !finalizers.Contains(ForegroundFinalizer))
            finalizers.Add(ForegroundFinalizer);
        if (grace == 0 && finalizers.Count == 0)
            return new(Remove(old, old.ToJson()), IsGone: true);

        var marked = Mark(old, grace, finalizers);
        if (finalizers.Contains(ForegroundFinalizer))
            DeleteDependents(marked, DeletionPropagation.Foreground);
        return Find(old.Kind, old.Namespace, old.Name) is { } left && left.Uid == old.Uid ? new(left, IsGone: false) : new(marked, IsGone: true);
    }

    // https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/strategy.go (CheckGracefulDelete): nothing to wait for without a node, or when all containers ended.
    private static long GracePeriod(StoredObject old, DeleteRequest request)
    {
        if (old.Kind is not { Group: "", Plural: "pods" } || old.Text("spec", "nodeName") is null or "" || old.Text("status", "phase") is "Succeeded" or "Failed")
            return 0;
        return Math.Max(0, request.GracePeriodSeconds ?? old.Number("spec", "terminationGracePeriodSeconds") ?? 30);
    }

    // A second deletion can only shorten the time that the first one gave.
    private StoredObject Mark(StoredObject old, long grace, List<string> finalizers)
    {
        var current = old.Number("metadata", "deletionGracePeriodSeconds");
        if (old.IsDeleting && (current ?? 0) <= grace && finalizers.Count == old.Finalizers.Count)
            return old;
        var value = old.ToJson();
        var metadata = value["metadata"]!;
        grace = Math.Min(current ?? grace, grace);
        metadata["deletionTimestamp"] = Timestamp(Now.AddSeconds(grace));
        metadata["deletionGracePeriodSeconds"] = grace;
        metadata["finalizers"] = finalizers.Count == 0 ? null : new JsonArray([.. finalizers.Select(name => JsonValue.Create(name))]);
        if (finalizers.Count == 0)
            metadata.AsObject().Remove("finalizers");
        if (old.Kind.HasGeneration)
            metadata["generation"] = old.Generation + 1;
        return Commit(WatchEventType.Modified, old.Kind, value, old);
    }

    private StoredObject Remove(StoredObject old, JsonObject lastState) => Commit(WatchEventType.Deleted, old.Kind, lastState, old);
}
