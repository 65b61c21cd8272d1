using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>Target groups of all load balancers.</summary>
internal sealed class TargetGroupUse(AwsConnection connection, ClusterOwnership ownership) : IUseReader
{
    public string Subject => "target groups";

    public ImmutableArray<(string Service, string Code)> Quotas => [("elasticloadbalancing", "L-B22855CB")];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await BalancingTags.ListAsync(connection, "DescribeTargetGroups", "TargetGroups", "TargetGroupArn", cancellationToken);
        return [new ResourceUse("elasticloadbalancing", "L-B22855CB", found.Count, found.Count(group => ownership.Owns(group.Tags)))];
    }
}
