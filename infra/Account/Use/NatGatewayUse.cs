using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>
/// NAT gateways. AWS has a quota per zone: this reports the zone with most gateways, without the cluster's own. The zones that the cluster
/// will get are looked up when it is made, so the fullest is the one that decides.
/// </summary>
internal sealed class NatGatewayUse(AwsConnection connection, ClusterOwnership ownership) : IUseReader
{
    public string Subject => "NAT gateways";

    public ImmutableArray<(string Service, string Code)> Quotas => [("vpc", "L-FE5A380F")];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var zones = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var subnet in Ec2Count.ItemsAsync(connection, "DescribeSubnets", "subnetSet", [], 1000, cancellationToken))
            zones[subnet.Text("subnetId") ?? ""] = subnet.Text("availabilityZone") ?? "";
        var byZone = new Dictionary<string, (int Total, int Ours)>(StringComparer.Ordinal);
        await foreach (var gateway in Ec2Count.ItemsAsync(connection, "DescribeNatGateways", "natGatewaySet", [], 1000, cancellationToken))
        {
            // AWS counts gateways until they are gone: pending, available and deleting ones.
            if (gateway.Text("state") is "deleted" or "failed")
                continue;
            var zone = zones.GetValueOrDefault(gateway.Text("subnetId") ?? "", "");
            var (total, ours) = byZone.GetValueOrDefault(zone);
            byZone[zone] = (total + 1, ours + (ownership.Owns(gateway.Tags("tagSet")) ? 1 : 0));
        }

        var fullest = byZone.Values.OrderByDescending(zone => zone.Total - zone.Ours).ThenByDescending(zone => zone.Total).FirstOrDefault();
        return [new ResourceUse("vpc", "L-FE5A380F", fullest.Total, fullest.Ours)];
    }
}
