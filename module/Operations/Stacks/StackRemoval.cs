using System.Text.Json.Nodes;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using k8s.Models;

namespace HaCluster.Operations.Stacks;

/// <summary>
/// What Pulumi does not know of a cluster, because controllers in it made it: load balancers of Services and Ingresses, volumes and snapshots of claims. It
/// goes before the stack, while the controllers that delete it still run.
/// </summary>
/// <param name="session">Not disposed here.</param>
public sealed class StackRemoval(ClusterSession session)
{
    private const string Delete = "Delete";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly Kind<JsonObject> Ingresses = new("networking.k8s.io", "v1", "ingresses", "Ingress", true);
    private static readonly Kind<JsonObject> SnapshotContents = new("snapshot.storage.k8s.io", "v1", "volumesnapshotcontents", "VolumeSnapshotContent", false);

    /// <summary>The API server does not delete these (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle).</summary>
    private static readonly HashSet<string> Lasting = ["default", "kube-system", "kube-public", "kube-node-lease"];

    private IKubernetesApi Api => session.Kubernetes;

    /// <summary>What would be deleted first, one line each.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken);
        return
        [
            .. found.Balancers.Select(one => $"delete Service {one}, and its load balancer"),
            .. found.Ingresses.Select(one => $"delete Ingress {one}, and its load balancer"),
            .. found.Namespaces.Select(space => Lasting.Contains(space)
                ? $"delete the claims and snapshots of namespace {space}, and the workloads that use them ({Counts(found, space)})"
                : $"delete namespace {space} ({Counts(found, space)})"),
            .. found.Volumes.Where(IsKept).Select(volume => $"delete volume {volume.Metadata.Name}, which its storage class would keep{(volume.Spec.ClaimRef is { } claim ? $" (of {claim.NamespaceProperty}/{claim.Name})" : "")}"),
            .. found.Contents.Where(IsKept).Select(content => $"delete snapshot {NameOf(content)}, which its class would keep"),
        ];
    }

    /// <summary>Deletes it, and waits until it is gone.</summary>
    /// <exception cref="HaClusterException">Something is still there when the time is up.</exception>
    public async Task DrainAsync(IProgress<string>? progress, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken);
        foreach (var (space, name) in found.Balancers.Select(Split))
            await Api.DeleteAsync(Kinds.Services, space, name, cancellationToken);
        foreach (var (space, name) in found.Ingresses.Select(Split))
            await Api.DeleteAsync(Ingresses, space, name, cancellationToken);
        // Before their namespaces: a controller in one of them takes the load balancer away, and ends with it.
        await WaitAsync(progress, timeout, async () => (await FindAsync(cancellationToken)) is { Balancers: var balancers, Ingresses: var ingresses } ? [.. balancers, .. ingresses] : [], cancellationToken);

        // The driver deletes a volume in AWS only under this policy (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming).
        foreach (var volume in found.Volumes.Where(IsKept))
        {
            await UnlessGoneAsync(() => Api.PatchAsync(
                Kinds.PersistentVolumes, null, volume.Metadata.Name, new JsonObject { ["spec"] = new JsonObject { ["persistentVolumeReclaimPolicy"] = Delete } }, cancellationToken));
        }

        foreach (var content in found.Contents.Where(IsKept))
            await UnlessGoneAsync(() => Api.PatchAsync(SnapshotContents, null, NameOf(content), new JsonObject { ["spec"] = new JsonObject { ["deletionPolicy"] = Delete } }, cancellationToken));
        foreach (var content in found.Contents.Where(content => IsOrphan(content, found)))
            await Api.DeleteAsync(SnapshotContents, null, NameOf(content), cancellationToken);
        foreach (var space in found.Namespaces)
        {
            if (Lasting.Contains(space))
                await EmptyAsync(space, cancellationToken);
            else
                await Api.DeleteAsync(Kinds.Namespaces, null, space, cancellationToken);
        }

        await WaitAsync(progress, timeout, () => RemainingAsync(cancellationToken), cancellationToken);
    }

    /// <summary>What still carries the tags of the cluster. What could not be asked for is in the list too: it may be there.</summary>
    public async Task<IReadOnlyList<LeftResource>> FindLeftAsync(CancellationToken cancellationToken)
    {
        var (aws, cluster) = (session.RequireAws("what the cluster left behind"), session.ClusterName);
        var parts = await Task.WhenAll(
            PartAsync("load balancer", async () => (await aws.LoadBalancers.ListAsync(cluster, cancellationToken)).Select(one => new LeftResource("load balancer", one.Arn, one.Name, one.State))),
            PartAsync("target group", async () => (await aws.LoadBalancers.ListTargetGroupsOfClusterAsync(cluster, cancellationToken)).Select(one => new LeftResource("target group", one.Arn, one.Name, ""))),
            PartAsync("EC2 resource", async () => (await aws.Ec2.ListLeftoversAsync(cluster, cancellationToken)).Select(one => new LeftResource(one.Kind, one.Id, one.Name, one.State))),
            PartAsync("database snapshot", async () => (await aws.Databases.ListSnapshotsAsync(cluster, cancellationToken)).Select(one => new LeftResource("database snapshot", one.Identifier, one.Database, one.Status))),
            PartAsync("log group", async () => (await aws.LogGroups.ListAsync(cluster, cancellationToken)).Select(name => new LeftResource("log group", name, "", ""))));
        return [.. parts.SelectMany(part => part)];
    }

    private static async Task<IEnumerable<LeftResource>> PartAsync(string kind, Func<Task<IEnumerable<LeftResource>>> read)
    {
        try
        {
            return await read();
        }
        catch (HaClusterException exception)
        {
            // The stack is gone by now: what is known is shown, whatever else cannot be asked.
            return [new LeftResource(kind, "?", "", $"not searched: {exception.Message}")];
        }
    }

    /// <summary>Claims go when nothing uses them any more, and would be made again by their set.</summary>
    private async Task EmptyAsync(string space, CancellationToken cancellationToken)
    {
        var scope = ListScope.In(space);
        var claims = (await Api.ListAsync(Kinds.PersistentVolumeClaims, scope, cancellationToken)).Items.Select(claim => claim.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var set in (await Api.ListAsync(Kinds.StatefulSets, scope, cancellationToken)).Items.Where(set => set.Spec.VolumeClaimTemplates?.Count > 0 || Uses(set.Spec.Template.Spec, claims)))
            await Api.DeleteAsync(Kinds.StatefulSets, space, set.Metadata.Name, cancellationToken);
        foreach (var deployment in (await Api.ListAsync(Kinds.Deployments, scope, cancellationToken)).Items.Where(one => Uses(one.Spec.Template.Spec, claims)))
            await Api.DeleteAsync(Kinds.Deployments, space, deployment.Metadata.Name, cancellationToken);
        foreach (var daemons in (await Api.ListAsync(Kinds.DaemonSets, scope, cancellationToken)).Items.Where(one => Uses(one.Spec.Template.Spec, claims)))
            await Api.DeleteAsync(Kinds.DaemonSets, space, daemons.Metadata.Name, cancellationToken);
        foreach (var job in (await Api.ListAsync(Kinds.Jobs, scope, cancellationToken)).Items.Where(one => Uses(one.Spec.Template.Spec, claims)))
            await Api.DeleteAsync(Kinds.Jobs, space, job.Metadata.Name, cancellationToken, new DeleteOptions(Propagation: "Background"));
        foreach (var pod in (await Api.ListAsync(Kinds.Pods, scope, cancellationToken)).Items.Where(one => one.Metadata.OwnerReferences is null or { Count: 0 } && Uses(one.Spec, claims)))
            await Api.DeleteAsync(Kinds.Pods, space, pod.Metadata.Name, cancellationToken);
        foreach (var snapshot in await Api.ListServedAsync(Kinds.VolumeSnapshots, scope, cancellationToken))
            await Api.DeleteAsync(Kinds.VolumeSnapshots, space, NameOf(snapshot), cancellationToken);
        foreach (var claim in claims)
            await Api.DeleteAsync(Kinds.PersistentVolumeClaims, space, claim, cancellationToken);
    }

    private static bool Uses(V1PodSpec pod, HashSet<string> claims) => pod.Volumes?.Any(volume => volume.PersistentVolumeClaim is { } claim && claims.Contains(claim.ClaimName)) == true;

    /// <summary>Its snapshot object is gone: nothing else deletes it.</summary>
    private static bool IsOrphan(JsonObject content, Found found) =>
        content["spec"]?["volumeSnapshotRef"] is not { } snapshot || !found.Snapshots.Contains(((string?)snapshot["namespace"] ?? "", (string?)snapshot["name"] ?? ""));

    private static string Counts(Found found, string space)
    {
        var (claims, snapshots) = (found.Claims.GetValueOrDefault(space), found.Snapshots.Count(one => one.Namespace == space));
        return $"{claims} {(claims == 1 ? "claim" : "claims")}, {snapshots} {(snapshots == 1 ? "snapshot" : "snapshots")}";
    }

    private static (string Namespace, string Name) Split(string name) => name.Split('/') is [var space, var one] ? (space, one) : ("", name);

    private static string NameOf(JsonObject subject) => (string?)subject["metadata"]?["name"] ?? "";

    private static bool IsKept(V1PersistentVolume volume) => volume.Spec.PersistentVolumeReclaimPolicy != Delete;

    private static bool IsKept(JsonObject content) => (string?)content["spec"]?["deletionPolicy"] != Delete;

    private async Task<Found> FindAsync(CancellationToken cancellationToken)
    {
        var services = await Api.ListAsync(Kinds.Services, ListScope.All, cancellationToken);
        var ingresses = await Api.ListAsync(Ingresses, ListScope.All, cancellationToken);
        var claims = (await Api.ListAsync(Kinds.PersistentVolumeClaims, ListScope.All, cancellationToken)).Items.CountBy(one => one.Metadata.NamespaceProperty).ToDictionary();
        var snapshots = (await Api.ListServedAsync(Kinds.VolumeSnapshots, ListScope.All, cancellationToken)).Select(one => ((string?)one["metadata"]?["namespace"] ?? "", NameOf(one))).ToHashSet();
        return new Found(
            [.. services.Items.Where(one => one.Spec?.Type == "LoadBalancer").Select(one => $"{one.Metadata.NamespaceProperty}/{one.Metadata.Name}")],
            [.. ingresses.Items.Select(one => $"{one["metadata"]?["namespace"]}/{one["metadata"]?["name"]}")],
            [.. claims.Keys.Union(snapshots.Select(one => one.Item1)).Order(StringComparer.Ordinal)],
            claims,
            snapshots,
            await VolumesAsync(cancellationToken),
            await ContentsAsync(cancellationToken));
    }

    /// <summary>Those that the driver made. One that a person brought along is not the cluster's to delete.</summary>
    private async Task<IReadOnlyList<V1PersistentVolume>> VolumesAsync(CancellationToken cancellationToken) =>
        [.. (await Api.ListAsync(Kinds.PersistentVolumes, ListScope.All, cancellationToken)).Items.Where(one => one.Metadata.Annotations?.ContainsKey("pv.kubernetes.io/provisioned-by") == true)];

    /// <summary>Those of snapshots that were taken here.</summary>
    private async Task<IReadOnlyList<JsonObject>> ContentsAsync(CancellationToken cancellationToken) =>
        [.. (await Api.ListServedAsync(SnapshotContents, ListScope.All, cancellationToken)).Where(one => one["spec"]?["source"]?["volumeHandle"] is not null)];

    private async Task<IReadOnlyList<string>> RemainingAsync(CancellationToken cancellationToken) =>
    [
        .. (await VolumesAsync(cancellationToken)).Select(one => $"volume {one.Metadata.Name}{(one.Spec.ClaimRef is { } claim ? $" of {claim.NamespaceProperty}/{claim.Name}" : "")}"),
        .. (await ContentsAsync(cancellationToken)).Select(one => $"snapshot {NameOf(one)}"),
    ];

    private static async Task UnlessGoneAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound)
        {
            // Its controller was quicker.
        }
    }

    private async Task WaitAsync(IProgress<string>? progress, TimeSpan timeout, Func<Task<IReadOnlyList<string>>> remaining, CancellationToken cancellationToken)
    {
        var start = session.Time.GetTimestamp();
        while (await remaining() is { Count: > 0 } left)
        {
            if (session.Time.GetElapsedTime(start) > timeout)
            {
                throw new HaClusterException(
                    FailureKind.TimedOut, "", string.Join(", ", left.Take(5)), "still there after the time-out",
                    "Check its finalizers and events, then run it again, or skip this with -SkipDrain");
            }

            progress?.Report($"waiting for {left.Count}: {left[0]}");
            await Task.Delay(Interval, session.Time, cancellationToken);
        }
    }

    /// <param name="Namespaces">With claims or snapshots.</param>
    /// <param name="Claims">How many, by namespace.</param>
    private sealed record Found(
        IReadOnlyList<string> Balancers, IReadOnlyList<string> Ingresses, IReadOnlyList<string> Namespaces, Dictionary<string, int> Claims, HashSet<(string Namespace, string Name)> Snapshots,
        IReadOnlyList<V1PersistentVolume> Volumes, IReadOnlyList<JsonObject> Contents);
}
