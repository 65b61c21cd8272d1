using System.Collections.Concurrent;
using System.Globalization;

namespace HaCluster.Twin.Storage;

/// <summary>
/// The objects of a cluster, as etcd and the API server's storage layer keep them: one resource version for all, optimistic concurrency, history for watches,
/// finalizers, graceful deletion, garbage collection. Safe for any number of threads: one lock orders the writes; lists and watches read immutable snapshots.
/// What follows from a write (deleting what an owner owned, emptying a namespace) has happened when the call returns, so a run in steps is deterministic.
/// </summary>
/// <remarks>Not here: who may do what, patches, field managers, validation of kinds. The server in front does that; controllers of the world write without.</remarks>
public sealed partial class ObjectStore
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ResourceStore> _resources = new();
    private readonly TimeProvider _time;
    private readonly StoreOptions _options;
    private readonly Random _random;
    private long _resourceVersion;

    public ObjectStore(TimeProvider? time = null, StoreOptions? options = null)
    {
        _time = time ?? TimeProvider.System;
        _options = options ?? new();
        _random = new Random(_options.Seed);
        foreach (var name in (string[])["default", "kube-system", "kube-public", "kube-node-lease"])
            Create(Kinds["namespaces"], new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = name } });
    }

    public KindTable Kinds { get; } = new();

    /// <summary>Asked before every write, in this order. Add them before the store is used.</summary>
    public IList<IAdmission> Admissions { get; } = [];

    /// <inheritdoc cref="StoreOptions.Speed"/>
    internal double Speed => _options.Speed;

    /// <summary>The version of the last write.</summary>
    public long ResourceVersion => Volatile.Read(ref _resourceVersion);

    public StoredObject? Find(ResourceKind kind, string? @namespace, string name) => At(kind).Find(@namespace, name);

    /// <exception cref="StatusException">404: there is no such object.</exception>
    public StoredObject Get(ResourceKind kind, string? @namespace, string name) => Find(kind, @namespace, name) ?? throw StatusException.NotFound(kind, name);

    /// <summary>All objects of a kind, of all namespaces when none is given, in the order of namespace and name.</summary>
    public ObjectList List(ResourceKind kind, string? @namespace = null)
    {
        // The lock pairs the snapshot with its version; it is held for two reads.
        lock (_gate)
            return new(At(kind).Snapshot(@namespace), _resourceVersion);
    }

    /// <summary>What a list saw, or would have seen, at a resource version: later changes are undone from the history.</summary>
    /// <exception cref="StatusException">410: the history does not reach back to that version.</exception>
    public ObjectList ListAt(ResourceKind kind, string? @namespace, long version)
    {
        lock (_gate)
        {
            var resource = At(kind);
            var entry = resource.Log.Before(version) ?? throw StatusException.Expired($"The resourceVersion for the provided list is too old.");
            return new(resource.SnapshotBefore(entry, @namespace), version);
        }
    }

    /// <summary>The changes of a kind after a resource version.</summary>
    /// <exception cref="StatusException">410: the history does not reach back to that version.</exception>
    public WatchCursor Watch(ResourceKind kind, string? @namespace, long afterVersion)
    {
        lock (_gate)
        {
            var log = At(kind).Log;
            var entry = log.Before(afterVersion) ?? throw StatusException.Expired($"too old resource version: {afterVersion} ({log.CompactedVersion})");
            return new(this, log, entry, @namespace, afterVersion);
        }
    }

    /// <summary>The objects of a kind, and all changes after that.</summary>
    public (ObjectList List, WatchCursor Changes) ListAndWatch(ResourceKind kind, string? @namespace = null)
    {
        lock (_gate)
        {
            var list = List(kind, @namespace);
            return (list, Watch(kind, @namespace, list.ResourceVersion));
        }
    }

    /// <summary>Forgets the history of all changes, as etcd's compaction does: older watches end with 410.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            foreach (var resource in _resources.Values)
                resource.Log.Compact();
        }
    }

    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>A time as Kubernetes writes it: UTC, whole seconds.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private ResourceStore At(ResourceKind kind) => _resources.GetOrAdd(kind.Resource, _ => new ResourceStore(new EventLog(_options.HistoryPerResource)));
}

/// <summary>Settings of a store.</summary>
public sealed record StoreOptions
{
    /// <summary>Seconds that pass in the world in one of the clock: what controllers wait for comes as much sooner.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Events that a watch of one resource can go back to.</summary>
    public int HistoryPerResource { get; init; } = 10_000;

    /// <summary>Makes uids and generated names: the same seed gives the same ones.</summary>
    public int Seed { get; init; }

    /// <summary>The uid of kube-system, by which clients tell clusters apart; null: it follows from the seed, as the others do.</summary>
    public Guid? ClusterId { get; init; }
}

/// <summary>What a list saw: immutable.</summary>
/// <param name="ResourceVersion">Watching from here misses nothing and repeats nothing.</param>
public sealed record ObjectList(IReadOnlyCollection<StoredObject> Items, long ResourceVersion);
