using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Simulation.Model;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Backups;

/// <summary>The objects of a backup. Stored objects are immutable, so that it holds them as they were.</summary>
internal sealed record BackupContent(string Namespace, string Backup, ImmutableArray<StoredObject> Objects)
{
    /// <summary>https://velero.io/docs/main/resource-filtering/ and the server's own exclusions.</summary>
    private static readonly string[] Never =
        ["nodes", "events", "events.events.k8s.io", "csinodes.storage.k8s.io", "volumeattachments.storage.k8s.io", VeleroKinds.Backups, VeleroKinds.Restores];

    /// <summary>Claims, whose volumes get a snapshot each.</summary>
    public int Claims => Objects.Count(one => one.Kind is { Group: "", Plural: "persistentvolumeclaims" });

    public static BackupContent Of(ObjectStore store, StoredObject backup)
    {
        var filter = new BackupFilter(backup);
        var kinds = store.Kinds.All.Where(kind => !kind.IsVirtual && !Never.Contains(kind.Resource)).DistinctBy(kind => kind.Resource, StringComparer.Ordinal);
        return new BackupContent(backup.Namespace!, backup.Name, [.. kinds.SelectMany(kind => store.List(kind).Items).Where(filter.Takes)]);
    }
}

/// <summary>What the <c>spec</c> of a backup or restore includes.</summary>
internal sealed class BackupFilter(StoredObject subject)
{
    private readonly List<string> _namespaces = Texts(subject, "includedNamespaces"), _notNamespaces = Texts(subject, "excludedNamespaces");
    private readonly List<string> _resources = Texts(subject, "includedResources"), _notResources = Texts(subject, "excludedResources");
    private readonly LabelSelector? _labels = LabelSelectors.Of(subject.Find("spec", "labelSelector"));

    private bool IsOfAll => (_namespaces.Count == 0 || _namespaces.Contains("*")) && _notNamespaces.Count == 0;

    public bool Takes(StoredObject one)
    {
        if (!Names(_resources, one.Kind, whenEmpty: true) || Names(_notResources, one.Kind, whenEmpty: false) || _labels?.Matches(one.Labels) == false)
            return false;
        if (one.Kind is { Group: "", Plural: "namespaces" })
            return TakesNamespace(one.Name);
        if (one.Namespace is not { } @namespace)
            return subject.Find("spec", "includeClusterResources") is { ValueKind: JsonValueKind.True or JsonValueKind.False } said ? said.GetBoolean() : IsOfAll;
        return TakesNamespace(@namespace);
    }

    private bool TakesNamespace(string name) => (_namespaces.Count == 0 || _namespaces.Contains("*") || _namespaces.Contains(name)) && !_notNamespaces.Contains(name);

    /// <summary>People write the plural, with or without the group.</summary>
    private static bool Names(List<string> resources, ResourceKind kind, bool whenEmpty) => resources.Count == 0 ? whenEmpty
        : resources.Exists(name => name == "*" || name == kind.Resource || name == kind.Plural);

    private static List<string> Texts(StoredObject subject, string name) =>
        subject.Find("spec", name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [];
}
