using System.Collections.Immutable;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Connecting;
using HaCluster.Planning.Modelling;
using HaCluster.Simulation.Model;

namespace HaCluster.Operations.Proving;

/// <summary>Node groups, databases with their proxies, NAT gateways and OpenSearch domains, and what of them could not be read.</summary>
internal static class LiveInfrastructureReader
{
    /// <param name="isForProof">Also what only a proof asks: proxies, which shorten a failover, and search domains. A zone may be left without knowing them.</param>
    public static async Task<(LiveInfrastructure Read, ImmutableArray<UnknownPart> Unknown)> ReadAsync(ClusterSession session, bool isForProof, CancellationToken cancellationToken)
    {
        var unknown = new List<UnknownPart>();
        var groups = PartAsync("node groups", unknown, async () => await session.RequireAws("node groups").Eks.ListNodeGroupsAsync(session.ClusterName, cancellationToken));
        var databases = PartAsync("databases", unknown, async () =>
            await session.RequireAws("databases").Databases.ListAsync(session.ClusterName, session.Outputs?.DatabaseClusters ?? [], cancellationToken));
        var gateways = PartAsync("NAT gateways", unknown, () => GatewaysAsync(session, cancellationToken));
        var domains = !isForProof ? Nothing<SearchDomainLayout>()
            : PartAsync("OpenSearch domains", unknown, async () => await session.RequireAws("OpenSearch domains").SearchDomains.ListAsync(session.ClusterName, cancellationToken));
        // Without a database a proxy is of no cluster's concern.
        var proxied = !isForProof || (await databases).IsEmpty ? Nothing<string>()
            : PartAsync("database proxies", unknown, async () => await session.RequireAws("database proxies").Databases.ListProxiedAsync(cancellationToken));
        await Task.WhenAll(groups, databases, gateways, domains, proxied);
        return (
            new LiveInfrastructure
            {
                Version = VersionOf(session.Info.KubernetesVersion),
                NodeGroups = [.. groups.Result.Select(GroupOf)],
                Databases = [.. databases.Result.Select(one => DatabaseOf(one, proxied.Result)).OrderBy(one => one.Name, StringComparer.Ordinal)],
                NatGateways = gateways.Result,
                SearchDomains =
                [
                    .. domains.Result.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => new SearchDomain(one.Name, one.DataNodes, one.Masters, one.Zones, one.HasStandby)),
                ],
                Objectives = session.Objectives,
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

    private static Task<ImmutableArray<T>> Nothing<T>() => Task.FromResult(ImmutableArray<T>.Empty);

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
    private static Database DatabaseOf(DatabaseCluster database, ImmutableArray<string> proxied) => new(
        database.Identifier,
        database.Engine,
        [.. database.Members.Select(member => new DatabaseInstance(member.Identifier, member.Zone.Length > 0 ? member.Zone : null, member.IsWriter ? -1 : member.PromotionTier))],
        proxied.Contains(database.Identifier, StringComparer.OrdinalIgnoreCase));
}
