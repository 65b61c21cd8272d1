using System.Collections;
using System.Collections.Immutable;
using Tree = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableSortedDictionary<string, HaCluster.Twin.Storage.StoredObject>>;

namespace HaCluster.Twin.Storage;

/// <summary>The objects of one resource in immutable sorted trees, by namespace and name, with their history. Written under the store's lock only.</summary>
internal sealed class ResourceStore(EventLog log)
{
    private static readonly ImmutableSortedDictionary<string, StoredObject> Empty = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    private volatile Tree _namespaces = Tree.Empty.WithComparers(StringComparer.Ordinal);

    public EventLog Log => log;

    public StoredObject? Find(string? @namespace, string name) => _namespaces.GetValueOrDefault(@namespace ?? "")?.GetValueOrDefault(name);

    public IReadOnlyCollection<StoredObject> Snapshot(string? @namespace) => Select(_namespaces, @namespace);

    /// <summary>The objects as they were before the changes that follow an entry of the log.</summary>
    public IReadOnlyCollection<StoredObject> SnapshotBefore(EventLog.Entry entry, string? @namespace)
    {
        var later = new Stack<WatchEvent>();
        for (var next = entry.Next; next is not null; next = next.Next)
            later.Push(next.Change!);
        var objects = _namespaces;
        foreach (var change in later)
            objects = change.Old is { } old ? Put(objects, old) : Remove(objects, change.Object);
        return Select(objects, @namespace);
    }

    public IEnumerable<StoredObject> ContentOf(string @namespace) => _namespaces.GetValueOrDefault(@namespace)?.Values ?? [];

    public void Put(StoredObject value) => _namespaces = Put(_namespaces, value);

    public void Remove(StoredObject value) => _namespaces = Remove(_namespaces, value);

    private static Tree Put(Tree objects, StoredObject value)
    {
        var key = value.Namespace ?? "";
        return objects.SetItem(key, (objects.GetValueOrDefault(key) ?? Empty).SetItem(value.Name, value));
    }

    private static Tree Remove(Tree objects, StoredObject value)
    {
        var key = value.Namespace ?? "";
        var rest = (objects.GetValueOrDefault(key) ?? Empty).Remove(value.Name);
        return rest.IsEmpty ? objects.Remove(key) : objects.SetItem(key, rest);
    }

    private static IReadOnlyCollection<StoredObject> Select(Tree objects, string? @namespace) =>
        @namespace is null ? new AllNamespaces(objects) : new Values(objects.GetValueOrDefault(@namespace) ?? Empty);

    private sealed class Values(ImmutableSortedDictionary<string, StoredObject> objects) : IReadOnlyCollection<StoredObject>
    {
        public int Count => objects.Count;

        public IEnumerator<StoredObject> GetEnumerator()
        {
            foreach (var pair in objects)
                yield return pair.Value;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class AllNamespaces(Tree namespaces) : IReadOnlyCollection<StoredObject>
    {
        public int Count => namespaces.Sum(pair => pair.Value.Count);

        public IEnumerator<StoredObject> GetEnumerator()
        {
            foreach (var (_, objects) in namespaces)
            {
                foreach (var pair in objects)
                    yield return pair.Value;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
