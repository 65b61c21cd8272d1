using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>Elastic Load Balancing v2.</summary>
public interface ILoadBalancers
{
    /// <summary>Network and application load balancers of the cluster.</summary>
    Task<ImmutableArray<LoadBalancer>> ListAsync(string cluster, CancellationToken cancellationToken);

    Task<ImmutableArray<TargetGroup>> ListTargetGroupsAsync(string loadBalancerArn, CancellationToken cancellationToken);

    /// <summary>Target groups that carry the tags of the cluster, those without a load balancer included.</summary>
    Task<ImmutableArray<TargetGroup>> ListTargetGroupsOfClusterAsync(string cluster, CancellationToken cancellationToken);

    Task<ImmutableArray<TargetHealth>> ReadHealthAsync(string targetGroupArn, CancellationToken cancellationToken);
}

/// <param name="Type"><c>network</c> or <c>application</c>.</param>
/// <param name="HasZonalShift">The attribute <c>zonal_shift.config.enabled</c>.</param>
public sealed record LoadBalancer(
    string Arn, string Name, string Type, string Scheme, string State, string DnsName, ImmutableArray<string> Zones, bool HasZonalShift, ImmutableSortedDictionary<string, string> Tags);

public sealed record TargetGroup(string Arn, string Name, string Protocol, int Port, string TargetType, ImmutableArray<string> LoadBalancerArns);

/// <param name="State"><c>healthy</c>, <c>unhealthy</c>, <c>initial</c>, <c>draining</c>, <c>unused</c>, <c>unavailable</c>.</param>
public sealed record TargetHealth(string Target, int Port, string Zone, string State, string Reason);
