using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Planning.Modelling;

namespace HaCluster.Operations.Proving;

/// <summary>An object with everything that the API server says of it.</summary>
internal sealed class RawObject : Dictionary<string, JsonElement>, IReadObject
{
    ObjectIdentity IReadObject.Identity => new(Meta("namespace"), Meta("name"), Meta("uid"), Meta("resourceVersion"));

    public string Namespace => Meta("namespace");

    public string Name => Meta("name");

    public JsonElement At(params ReadOnlySpan<string> path)
    {
        if (!TryGetValue(path[0], out var current))
            return default;
        foreach (var name in path[1..])
        {
            if (current.ValueKind != JsonValueKind.Object || !current.TryGetProperty(name, out current))
                return default;
        }

        return current;
    }

    private string Meta(string name) => At("metadata", name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}

/// <summary>The objects of a cluster that the model is made of, and the kinds that could not be read.</summary>
internal sealed record LiveObjects(ImmutableArray<LiveObject> All, IReadOnlyList<RawObject> Pods, IReadOnlyList<RawObject> Nodes, ImmutableArray<UnknownPart> Unknown)
{
    private static readonly ImmutableArray<Kind<RawObject>> Others =
    [
        Kinds.Namespaces.As<RawObject>(), Kinds.Deployments.As<RawObject>(), Kinds.ReplicaSets.As<RawObject>(), Kinds.StatefulSets.As<RawObject>(), Kinds.DaemonSets.As<RawObject>(),
        Kinds.Jobs.As<RawObject>(), Kinds.Budgets.As<RawObject>(), Kinds.ResourceQuotas.As<RawObject>(), Kinds.LimitRanges.As<RawObject>(), Kinds.PersistentVolumes.As<RawObject>(),
        Kinds.PersistentVolumeClaims.As<RawObject>(), Kinds.StorageClasses.As<RawObject>(), Kinds.VolumeAttachments.As<RawObject>(), Kinds.Autoscalers.As<RawObject>(),
        Kinds.Services.As<RawObject>(),
        new("", "v1", "replicationcontrollers", "ReplicationController", true),
        new("batch", "v1", "cronjobs", "CronJob", true),
        new("storage.k8s.io", "v1", "csinodes", "CSINode", false),
        new("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false),
        new("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false),
        new("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false),
    ];

    public static async Task<LiveObjects> ReadAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        var pods = ListAsync(session, Kinds.Pods.As<RawObject>(), cancellationToken);
        var nodes = ListAsync(session, Kinds.Nodes.As<RawObject>(), cancellationToken);
        var others = await Task.WhenAll(Others.Select(kind => ListAsync(session, kind, cancellationToken)));
        (Kind<RawObject> Kind, IReadOnlyList<RawObject> Items, UnknownPart? Unknown)[] all = [await pods, await nodes, .. others];
        return new LiveObjects(
            [.. all.SelectMany(one => one.Items.Select(item => new LiveObject(one.Kind.ApiVersion, one.Kind.Name, item)))],
            all[0].Items,
            all[1].Items,
            [.. all.Select(one => one.Unknown).OfType<UnknownPart>()]);
    }

    private static async Task<(Kind<RawObject> Kind, IReadOnlyList<RawObject> Items, UnknownPart? Unknown)> ListAsync(ClusterSession session, Kind<RawObject> kind, CancellationToken cancellationToken)
    {
        try
        {
            return (kind, (await session.Kubernetes.ListAsync(kind, ListScope.All, cancellationToken)).Items, null);
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound)
        {
            // What is not served has no objects.
            return (kind, [], null);
        }
        catch (HaClusterException exception)
        {
            return (kind, [], new UnknownPart(kind.Plural, exception.Message, exception.Kind));
        }
    }
}
