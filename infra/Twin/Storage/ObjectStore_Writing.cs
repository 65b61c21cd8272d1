using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

public sealed partial class ObjectStore
{
    /// <summary>Stores a new object. The store takes the value over: do not use it afterwards.</summary>
    /// <exception cref="StatusException">409: it exists; 404: its namespace does not; 403: its namespace is being deleted, or an admission refuses.</exception>
    public StoredObject Create(ResourceKind kind, JsonObject value, bool dryRun = false)
    {
        lock (_gate)
        {
            var metadata = PrepareMetadata(kind, value);
            var @namespace = (string?)metadata["namespace"];
            if (@namespace is not null)
                RequireLiveNamespace(kind, @namespace, (string?)metadata["name"] ?? (string?)metadata["generateName"] ?? "");
            if (Text(metadata["name"]) is not { } name)
                metadata["name"] = name = GenerateName(kind, @namespace, Text(metadata["generateName"]) ?? throw NameRequired(kind));
            if (Find(kind, @namespace, name) is not null)
                throw StatusException.AlreadyExists(kind, name);
            foreach (var field in (string[])["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"])
                metadata.Remove(field);
            var uid = NewUid();
            metadata["uid"] = _options.ClusterId is { } id && kind.Resource == "namespaces" && name == "kube-system" ? id.ToString() : uid;
            metadata["creationTimestamp"] = Timestamp(Now);
            if (kind.HasGeneration)
                metadata["generation"] = 1;
            PrepareLifecycle(kind, value);
            foreach (var admission in Admissions)
                admission.Admit(new(this, AdmissionOperation.Create, kind, value, null, dryRun));
            return dryRun ? Stamp(kind, value, _resourceVersion) : Commit(WatchEventType.Added, kind, value, null);
        }
    }

    /// <summary>Replaces an object whole, its status too. A resource version in it must be the stored one. The store takes the value over: do not use it afterwards.</summary>
    /// <exception cref="StatusException">404: it does not exist; 409: it changed meanwhile; 403: an admission refuses.</exception>
    public StoredObject Update(ResourceKind kind, JsonObject value, bool dryRun = false)
    {
        lock (_gate)
        {
            var metadata = PrepareMetadata(kind, value);
            var name = Text(metadata["name"]) ?? throw NameRequired(kind);
            var old = Get(kind, (string?)metadata["namespace"], name);
            if (Text(metadata["resourceVersion"]) is { } version && version != Invariant(old.ResourceVersion))
                throw StatusException.Modified(kind, name);
            if (Text(metadata["uid"]) is { } uid && uid != old.Uid)
                throw StatusException.Conflict(kind, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid}");
            KeepSystemFields(old, metadata);
            foreach (var admission in Admissions)
                admission.Admit(new(this, AdmissionOperation.Update, kind, value, old, dryRun));
            var before = old.ToJson();
            if (JsonNode.DeepEquals(before, value))
                return old;
            if (kind.HasGeneration && DesiredStateDiffers(before, value))
                metadata["generation"] = old.Generation + 1;
            if (dryRun)
                return Stamp(kind, value, old.ResourceVersion);
            var isDone = old.IsDeleting && metadata["finalizers"] is not JsonArray { Count: > 0 } && (old.Number("metadata", "deletionGracePeriodSeconds") ?? 0) == 0;
            return isDone ? Remove(old, value) : Commit(WatchEventType.Modified, kind, value, old);
        }
    }

    /// <summary>Reads, changes and writes an object as one step; a controller's way to write. Null when it does not exist.</summary>
    public StoredObject? Change(ResourceKind kind, string? @namespace, string name, Action<JsonObject> change)
    {
        lock (_gate)
        {
            if (Find(kind, @namespace, name) is not { } old)
                return null;
            var value = old.ToJson();
            change(value);
            return Update(kind, value);
        }
    }

    private StoredObject Commit(WatchEventType type, ResourceKind kind, JsonObject value, StoredObject? old)
    {
        var stored = Stamp(kind, value, _resourceVersion + 1);
        var resource = At(kind);
        if (type == WatchEventType.Deleted)
            resource.Remove(stored);
        else
            resource.Put(stored);
        Index(type, stored, old);
        var change = new WatchEvent(type, stored, old);
        resource.Log.Append(change);
        // Last, for WatchCursor: who reads this version finds its event.
        Volatile.Write(ref _resourceVersion, stored.ResourceVersion);
        resource.Log.Wake();
        foreach (var admission in Admissions)
            admission.Follow(this, change);
        FollowUp(type, stored, old);
        return stored;
    }

    private static StoredObject Stamp(ResourceKind kind, JsonObject value, long version)
    {
        value["metadata"]!["resourceVersion"] = Invariant(version);
        return new(kind, value, version);
    }

    private static JsonObject PrepareMetadata(ResourceKind kind, JsonObject value)
    {
        value["apiVersion"] = kind.ApiVersion;
        value["kind"] = kind.Kind;
        if (value["metadata"] is not JsonObject metadata)
            value["metadata"] = metadata = [];
        if (!kind.Namespaced)
            metadata.Remove("namespace");
        else if (Text(metadata["namespace"]) is null)
            throw StatusException.BadRequest($"{kind.Resource} need a namespace");
        return metadata;
    }

    // What a writer cannot change: https://github.com/kubernetes/apiserver/blob/master/pkg/registry/rest/update.go
    private static void KeepSystemFields(StoredObject old, JsonObject metadata)
    {
        foreach (var field in (string[])["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"])
        {
            if (old.Find("metadata", field) is { } value)
                metadata[field] = JsonNode.Parse(value.GetRawText());
            else
                metadata.Remove(field);
        }
    }

    // Everything but metadata and status, as for custom resources; for built-in kinds that is their spec.
    private static bool DesiredStateDiffers(JsonObject before, JsonObject after) => before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key))
        .Any(key => key is not ("metadata" or "status") && !JsonNode.DeepEquals(before[key], after[key]));

    private static StatusException NameRequired(ResourceKind kind) =>
        StatusException.Invalid(kind, "", FieldError.Required("metadata.name", "name or generateName is required"));

    // Five letters that form no words: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go
    private string GenerateName(ResourceKind kind, string? @namespace, string prefix)
    {
        while (true)
        {
            var name = prefix + new string(_random.GetItems("bcdfghjklmnpqrstvwxz2456789".AsSpan(), 5));
            if (Find(kind, @namespace, name) is null)
                return name;
        }
    }

    private string NewUid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    private static string Invariant(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
