using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>Network and application load balancers.</summary>
internal sealed class LoadBalancerUse(AwsConnection connection, ClusterOwnership ownership) : IUseReader
{
    public string Subject => "load balancers";

    public ImmutableArray<(string Service, string Code)> Quotas => [("elasticloadbalancing", "L-69A177A2"), ("elasticloadbalancing", "L-53DA6B97")];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await BalancingTags.ListAsync(connection, "DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn", cancellationToken);
        return [Of("network", "L-69A177A2"), Of("application", "L-53DA6B97")];

        ResourceUse Of(string type, string code)
        {
            var ofType = found.Where(balancer => balancer.Element.Text("Type") == type).ToList();
            return new ResourceUse("elasticloadbalancing", code, ofType.Count, ofType.Count(balancer => ownership.Owns(balancer.Tags)));
        }
    }
}
