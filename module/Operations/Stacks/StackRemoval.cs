using System.Text.Json.Nodes;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Stacks;

/// <summary>
/// What Pulumi does not know of a cluster, because controllers in it made it: load balancers of Services and Ingresses, volumes and snapshots of claims. It
/// goes before the stack, while the controllers that delete it still run.
/// </summary>
/// <param name="session">Not disposed here.</param>
public sealed class StackRemoval(ClusterSession session)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly Kind<JsonObject> Ingresses = new("networking.k8s.io", "v1", "ingresses", "Ingress", true);

    /// <summary>Its pods are part of the cluster, and go with it.</summary>
    private const string System = "kube-system";

    /// <summary>What would be deleted first, one line each.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken);
        return
        [
            .. found.Balancers.Select(one => $"delete Service {one}, and its load balancer"),
            .. found.Ingresses.Select(one => $"delete Ingress {one}, and its load balancer"),
            .. found.Namespaces.Select(one => $"delete namespace {one.Name} with {one.Claims} volumes and their snapshots"),
        ];
    }

    /// <summary>Deletes it, and waits until it is gone.</summary>
    /// <exception cref="HaClusterException">Something is still there when the time is up.</exception>
    public async Task DrainAsync(IProgress<string>? progress, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken);
        var api = session.Kubernetes;
        foreach (var (space, name) in found.Balancers.Select(Split))
            await api.DeleteAsync(Kinds.Services, space, name, cancellationToken);
        foreach (var (space, name) in found.Ingresses.Select(Split))
            await api.DeleteAsync(Ingresses, space, name, cancellationToken);
        // Before their namespaces: a controller in one of them takes the load balancer away, and ends with it.
        await WaitAsync(progress, timeout, async () => (await FindAsync(cancellationToken)) is { Balancers: var balancers, Ingresses: var ingresses } ? [.. balancers, .. ingresses] : [], cancellationToken);
        foreach (var space in found.Namespaces)
            await api.DeleteAsync(Kinds.Namespaces, null, space.Name, cancellationToken);
        var names = found.Namespaces.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        await WaitAsync(progress, timeout, () => VolumesAsync(names, cancellationToken), cancellationToken);
    }

    /// <summary>What still carries the tags of the cluster. Log groups are not looked at: they keep the audit trail, and end by their retention.</summary>
    public async Task<IReadOnlyList<LeftResource>> FindLeftAsync(CancellationToken cancellationToken)
    {
        var aws = session.RequireAws("what the cluster left behind");
        var (tagged, balancers, targets) = (
            aws.Ec2.ListLeftoversAsync(session.ClusterName, cancellationToken),
            aws.LoadBalancers.ListAsync(session.ClusterName, cancellationToken),
            aws.LoadBalancers.ListTargetGroupsOfClusterAsync(session.ClusterName, cancellationToken));
        return
        [
            .. (await balancers).Select(one => new LeftResource("load balancer", one.Arn, one.Name, one.State)),
            .. (await targets).Select(one => new LeftResource("target group", one.Arn, one.Name, "")),
            .. (await tagged).Select(one => new LeftResource(one.Kind, one.Id, one.Name, one.State)),
        ];
    }

    private static (string Namespace, string Name) Split(string name) => name.Split('/') is [var space, var one] ? (space, one) : ("", name);

    private async Task<Found> FindAsync(CancellationToken cancellationToken)
    {
        var services = await session.Kubernetes.ListAsync(Kinds.Services, ListScope.All, cancellationToken);
        var ingresses = await session.Kubernetes.ListAsync(Ingresses, ListScope.All, cancellationToken);
        var claims = await session.Kubernetes.ListAsync(Kinds.PersistentVolumeClaims, ListScope.All, cancellationToken);
        return new Found(
            [.. services.Items.Where(one => one.Spec?.Type == "LoadBalancer").Select(one => $"{one.Metadata.NamespaceProperty}/{one.Metadata.Name}")],
            [.. ingresses.Items.Select(one => $"{one["metadata"]?["namespace"]}/{one["metadata"]?["name"]}")],
            [.. claims.Items.GroupBy(one => one.Metadata.NamespaceProperty).Where(group => group.Key != System).Select(group => (group.Key, group.Count()))]);
    }

    private async Task<IReadOnlyList<string>> VolumesAsync(HashSet<string> namespaces, CancellationToken cancellationToken)
    {
        var volumes = await session.Kubernetes.ListAsync(Kinds.PersistentVolumes, ListScope.All, cancellationToken);
        // One that is retained on purpose stays, and is listed as left.
        return [.. volumes.Items
            .Where(one => one.Spec?.PersistentVolumeReclaimPolicy == "Delete" && one.Spec.ClaimRef?.NamespaceProperty is { } space && namespaces.Contains(space))
            .Select(one => $"volume {one.Metadata.Name}")];
    }

    private async Task WaitAsync(IProgress<string>? progress, TimeSpan timeout, Func<Task<IReadOnlyList<string>>> remaining, CancellationToken cancellationToken)
    {
        var start = session.Time.GetTimestamp();
        while (await remaining() is { Count: > 0 } left)
        {
            if (session.Time.GetElapsedTime(start) > timeout)
            {
                throw new HaClusterException(
                    FailureKind.TimedOut, "", string.Join(", ", left.Take(5)), "still there when the time was up",
                    "Look at its finalizers and events; then run it again, or skip this with -SkipDrain");
            }

            progress?.Report($"waiting for {left.Count}: {left[0]}");
            await Task.Delay(Interval, session.Time, cancellationToken);
        }
    }

    private sealed record Found(IReadOnlyList<string> Balancers, IReadOnlyList<string> Ingresses, IReadOnlyList<(string Name, int Claims)> Namespaces);
}
