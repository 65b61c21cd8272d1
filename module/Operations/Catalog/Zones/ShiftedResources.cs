using HaCluster.Operations.Connecting;

namespace HaCluster.Operations.Zones;

/// <summary>AWS lists the shifts of the whole account: which of them are this cluster's.</summary>
internal static class ShiftedResources
{
    /// <returns>ARNs of the cluster and its load balancers.</returns>
    public static async Task<HashSet<string>> OfAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        var aws = session.RequireAws("zonal shifts");
        var balancers = aws.LoadBalancers.ListAsync(session.ClusterName, cancellationToken);
        var cluster = session.Outputs?.ClusterArn is { Length: > 0 } known ? known : (await aws.Eks.FindClusterAsync(session.ClusterName, cancellationToken))?.Arn ?? "";
        return [cluster, .. (await balancers).Select(balancer => balancer.Arn)];
    }
}
