namespace HaCluster.Operations.Kubernetes;

/// <summary>Kinds whose software may not be installed.</summary>
internal static class OptionalKinds
{
    /// <summary>All objects; none where the cluster does not serve the kind.</summary>
    public static async Task<IReadOnlyList<T>> ListServedAsync<T>(this IKubernetesApi api, Kind<T> kind, ListScope scope, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return (await api.ListAsync(kind, scope, cancellationToken)).Items;
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return [];
        }
    }
}
