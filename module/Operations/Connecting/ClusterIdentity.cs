using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Connecting;

/// <summary>
/// Which cluster a connection is to. A name does not say it: another account, another region or a twin has a cluster of the same name, and a cluster that is
/// made again has the name, and maybe the address, of the one that is gone.
/// </summary>
/// <param name="Uid">
/// Of the namespace kube-system: made with the cluster, and unchanged until it is gone, through new certificates, addresses and versions. OpenTelemetry takes it
/// for the same purpose: https://opentelemetry.io/docs/specs/semconv/registry/attributes/k8s/ (k8s.cluster.uid).
/// </param>
/// <param name="Account">Number of the AWS account that is operated with it; null without AWS.</param>
/// <param name="Region">Of AWS; null without AWS.</param>
public sealed record ClusterIdentity(string Uid, string? Account, string? Region)
{
    private const string Namespace = "kube-system";

    /// <summary>Whether an operation that was begun at <paramref name="other"/> can be gone on with here.</summary>
    public bool IsSame(ClusterIdentity other) => Uid == other.Uid && IsSame(Account, other.Account) && IsSame(Region, other.Region);

    /// <returns>Null when the caller may not read it.</returns>
    internal static async Task<string?> ReadUidAsync(IKubernetesApi api, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.FindAsync(Kinds.Namespaces, null, Namespace, cancellationToken))?.Metadata?.Uid;
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.PermissionDenied)
        {
            return null;
        }
    }

    public override string ToString() => $"cluster {Uid}{(Account is null ? "" : $", account {Account}")}{(Region is null ? "" : $", region {Region}")}";

    /// <summary>A connection without AWS acts on none of its resources: each step that needs AWS says that it is missing.</summary>
    private static bool IsSame(string? one, string? other) => one is null || other is null || one == other;
}
