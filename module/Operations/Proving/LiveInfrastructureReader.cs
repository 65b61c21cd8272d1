using System.Collections.Immutable;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Connecting;
using HaCluster.Planning.Modelling;
using HaCluster.Simulation.Model;

namespace HaCluster.Operations.Proving;

/// <summary>Node groups, databases and NAT gateways, and what of them could not be read.</summary>
internal static class LiveInfrastructureReader
{
    public static async Task<(LiveInfrastructure Read, ImmutableArray<UnknownPart> Unknown)> ReadAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        var unknown = new List<UnknownPart>();
        var groups = PartAsync("node groups", unknown, async () => await session.RequireAws("node groups").Eks.ListNodeGroupsAsync(session.ClusterName, cancellationToken));
        var databases = PartAsync("databases", unknown, async () =>
            await session.RequireAws("databases").Databases.ListAsync(session.ClusterName, session.Outputs?.DatabaseClusters ?? [], cancellationToken));
        var gateways = PartAsync("NAT gateways", unknown, () => GatewaysAsync(session, cancellationToken));
        await Task.WhenAll(groups, databases, gateways);
        return (
            new LiveInfrastructure
            {
                Version = VersionOf(session.Info.KubernetesVersion),
                NodeGroups = [.. groups.Result.Select(GroupOf)],
                Databases = [.. databases.Result.Select(DatabaseOf).OrderBy(one => one.Name, StringComparer.Ordinal)],
                NatGateways = gateways.Result,
            },
            [.. unknown]);
    }

    /// <summary><c>v1.36.2-eks-1</c> is <c>1.36</c>.</summary>
    internal static string? VersionOf(string version) => version.TrimStart('v').Split('.') is [var major, var minor, ..] && major.Length > 0 && minor.Length > 0 ? $"{major}.{minor}" : null;

    private static async Task<ImmutableArray<NatGateway>> GatewaysAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        var ec2 = session.RequireAws("NAT gateways").Ec2;
        var vpc = session.Outputs?.VpcId is { Length: > 0 } known ? known
            : (await session.Aws!.Eks.FindClusterAsync(session.ClusterName, cancellationToken))?.VpcId is { Length: > 0 } found ? found
            : throw new HaClusterException(FailureKind.NotFound, "EKS DescribeCluster", session.ClusterName, "its VPC is not known", "Connect with the stack");
        var (gateways, subnets, tables) = (ec2.ListNatGatewaysAsync(vpc, cancellationToken), ec2.ListSubnetsAsync(vpc, cancellationToken), ec2.ListRouteTablesAsync(vpc, cancellationToken));
        var zoneOf = (await subnets).ToDictionary(subnet => subnet.Id, subnet => subnet.Zone, StringComparer.Ordinal);
        return
        [
            .. (await gateways).Where(gateway => gateway.State == "available").Select(gateway => new NatGateway(
                    gateway.Tags.GetValueOrDefault("Name") ?? gateway.Id,
                    zoneOf.GetValueOrDefault(gateway.SubnetId) ?? "",
                    [
                        .. tables.Result.Where(table => table.Routes.Any(route => route.Target == gateway.Id)).SelectMany(table => table.SubnetIds)
                            .Select(subnet => zoneOf.GetValueOrDefault(subnet)).OfType<string>().Distinct().Order(StringComparer.Ordinal),
                    ]))
                .OrderBy(gateway => gateway.Name, StringComparer.Ordinal),
        ];
    }

    private static async Task<ImmutableArray<T>> PartAsync<T>(string part, List<UnknownPart> unknown, Func<Task<ImmutableArray<T>>> read)
    {
        try
        {
            return await read();
        }
        catch (HaClusterException exception)
        {
            lock (unknown)
                unknown.Add(new UnknownPart(part, exception.Message, exception.Kind));
            return [];
        }
    }

    private static LiveNodeGroup GroupOf(EksNodeGroup group) => new(
        group.Name, group.Min, group.Max, group.CapacityType == "SPOT",
        group.MaxUnavailable > 0 ? group.MaxUnavailable : (int)Math.Ceiling(group.Desired * group.MaxUnavailablePercent / 100.0));

    /// <summary>The model takes the instance of the lowest tier as the writer: the one that writes now comes first.</summary>
    private static Database DatabaseOf(DatabaseCluster database) => new(
        database.Identifier,
        database.Engine,
        [.. database.Members.Select(member => new DatabaseInstance(member.Identifier, member.Zone.Length > 0 ? member.Zone : null, member.IsWriter ? -1 : member.PromotionTier))],
        HasProxy: false);
}
