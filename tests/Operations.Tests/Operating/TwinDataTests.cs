using HaCluster.Operations.Backups;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.LocalTwins;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>Over the real wire: databases, proxies and search domains of the production stack on the local twin.</summary>
public sealed class TwinDataTests(ProductionTwin twin) : IClassFixture<ProductionTwin>
{
    [Fact]
    public async Task Every_database_is_snapshotted()
    {
        var (session, runner) = await twin.ConnectAsync();
        var databases = await session.Aws!.Databases.ListAsync(session.ClusterName, [], default);
        var result = await runner.RunAsync(new StartBackup("databases", null, TimeSpan.FromMinutes(10)), RunOptions.Default, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Equal(databases.Select(database => database.Identifier).Order(StringComparer.Ordinal), (await session.Aws.Databases.ListSnapshotsAsync(session.ClusterName, default)).Select(snapshot => snapshot.Database).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_live_proof_asks_for_proxies_and_search_domains_and_gets_them()
    {
        var (session, _) = await twin.ConnectAsync();
        var domain = Assert.Single(await session.Aws!.SearchDomains.ListAsync(session.ClusterName, default));
        var declared = Assert.Single(twin.Twin.World.Plan.Model.SearchDomains);
        Assert.Equal((declared.Name, declared.DataNodes, declared.Masters, declared.Zones, declared.HasStandby), (domain.Name, domain.DataNodes, domain.Masters, domain.Zones, domain.HasStandby));
        Assert.Equal(
            twin.Twin.World.Plan.Model.Databases.Where(database => database.HasProxy).Select(database => database.Name).Order(StringComparer.Ordinal),
            (await session.Aws.Databases.ListProxiedAsync(default)).Order(StringComparer.Ordinal));

        var proof = await new LiveProver(session).ProveAsync(null, default);

        Assert.Empty(proof.Unknown);
        Assert.Contains(proof.Classes, one => one.Name.Contains("master", StringComparison.OrdinalIgnoreCase) && one.Scenarios > 0);
        Assert.DoesNotContain(proof.Violations, violation => violation.Subject.Contains(domain.Name, StringComparison.Ordinal));
    }
}
