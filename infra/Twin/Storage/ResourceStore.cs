using System.Collections;
using System.Collections.Immutable;

namespace HaCluster.Twin.Storage;

/// <summary>The objects of one resource in immutable sorted trees, by namespace and name, with their history. Written under the store's lock only.</summary>
internal sealed class ResourceStore(EventLog log)
{
    private static readonly ImmutableSortedDictionary<string, StoredObject> Empty = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    private volatile ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> _namespaces =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, StoredObject>>(StringComparer.Ordinal);

    public EventLog Log => log;

    public StoredObject? Find(string? @namespace, string name) => _namespaces.GetValueOrDefault(@namespace ?? "")?.GetValueOrDefault(name);

    public IReadOnlyCollection<StoredObject> Snapshot(string? @namespace) =>
        @namespace is null ? new AllNamespaces(_namespaces) : new Values(_namespaces.GetValueOrDefault(@namespace) ?? Empty);

    public IEnumerable<StoredObject> ContentOf(string @namespace) => _namespaces.GetValueOrDefault(@namespace)?.Values ?? [];

    public void Put(StoredObject value)
    {
        var key = value.Namespace ?? "";
        _namespaces = _namespaces.SetItem(key, (_namespaces.GetValueOrDefault(key) ?? Empty).SetItem(value.Name, value));
    }

    public void Remove(StoredObject value)
    {
        var key = value.Namespace ?? "";
        var rest = (_namespaces.GetValueOrDefault(key) ?? Empty).Remove(value.Name);
        _namespaces = rest.IsEmpty ? _namespaces.Remove(key) : _namespaces.SetItem(key, rest);
    }

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

    private sealed class AllNamespaces(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> namespaces) : IReadOnlyCollection<StoredObject>
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
