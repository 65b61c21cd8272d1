using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Chains;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Tests.Books;

/// <summary>What a reconciliation of Bitcoin notices depends on how the node can be asked, and it says how.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class UnspentSetTests(BitcoinRegtest bitcoin, PostgreSql postgreSql) : IClassFixture<PostgreSql>, IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();

    public void Dispose()
    {
        _log.Dispose();
        _scratch.Dispose();
    }

    [SkippableTheory, OnBothStores]
    public async Task A_coin_that_the_watcher_has_not_found_is_noticed_where_the_node_searches_its_unspent_coins(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var world = await StartAsync(database);
        await bitcoin.PayAsync(5_000, await world.AddAddressAsync());
        await bitcoin.MineAsync();
        // It is paid before it is given out, as no address is that was made here: to the watcher it is a stranger's.
        var next = world.Wallet.AddressAt(Networks.Development, WalletAddress.Receiving, 1);
        var missed = Transaction.Parse(await bitcoin.PayAsync(1_000, next), Network.RegTest);
        await bitcoin.MineAsync(ReadAhead.Tip);
        await world.NewWatcher().WorkAsync(default);
        Assert.Equal(next, await world.AddAddressAsync());

        var (known, _) = await BitcoinWorld.ReconcileAsync(database, world.NewNode(), _log);
        Assert.Equal((5_000, 5_000, 0), Of(known));
        Assert.Equal(ReconciliationMethod.KnownCoins, await MethodAsync(database));
        using var scan = new FakeScanTxOutSet(bitcoin, world.FirstHeight);
        var (all, metrics) = await BitcoinWorld.ReconcileAsync(database, world.NewNode(scan), _log);
        Assert.Equal((5_000, 6_000, 1_000), Of(all));
        Assert.Equal(ReconciliationMethod.UnspentSet, await MethodAsync(database));
        Assert.Contains("a difference of 1000", _log.ToString(), StringComparison.Ordinal);
        Assert.Contains($"1 coins of the wallets were not found by the watcher: {missed.GetHash()}:", _log.ToString(), StringComparison.Ordinal);
        Assert.Contains("payments_reconciliation_difference_units{wallet=\"wal_1\",asset=\"bitcoin\"} 1000", metrics, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Coins_that_agree_agree_both_ways_and_a_satoshi_too_many_in_the_books_is_noticed_both_ways()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var world = await StartAsync(database);
        await bitcoin.PayAsync(5_000, await world.AddAddressAsync(), await world.AddAddressAsync());
        await bitcoin.MineAsync(ReadAhead.Tip);
        await world.NewWatcher().WorkAsync(default);
        using var scan = new FakeScanTxOutSet(bitcoin, world.FirstHeight);
        Assert.Equal((10_000, 10_000, 0), Of((await BitcoinWorld.ReconcileAsync(database, world.NewNode(), _log)).Results));
        Assert.Equal((10_000, 10_000, 0), Of((await BitcoinWorld.ReconcileAsync(database, world.NewNode(scan), _log)).Results));
        Assert.DoesNotContain("alarm", _log.ToString(), StringComparison.Ordinal);
        await database.ChangeAsync(session => session.PostAsync([new Posting("test/wrong", Asset.Bitcoin, Account.World, Account.Available(world.Wallet.Id), 1)], DateTimeOffset.UtcNow));
        Assert.Equal((10_001, 10_000, -1), Of((await BitcoinWorld.ReconcileAsync(database, world.NewNode(), _log)).Results));
        using var forbidden = new FakeScanTxOutSet(bitcoin, world.FirstHeight) { IsForbidden = true };
        Assert.Equal((10_001, 10_000, -1), Of((await BitcoinWorld.ReconcileAsync(database, world.NewNode(forbidden), _log)).Results));
        Assert.Equal(ReconciliationMethod.KnownCoins, await MethodAsync(database));
        using var again = new FakeScanTxOutSet(bitcoin, world.FirstHeight);
        Assert.Equal((10_001, 10_000, -1), Of((await BitcoinWorld.ReconcileAsync(database, world.NewNode(again), _log)).Results));
    }

    [SkippableFact]
    public async Task A_search_of_another_block_or_one_that_cannot_begin_finishes_nothing()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var world = await StartAsync(database);
        await bitcoin.PayAsync(5_000, await world.AddAddressAsync());
        await bitcoin.MineAsync();
        await world.NewWatcher().WorkAsync(default);
        using var scan = new FakeScanTxOutSet(bitcoin, world.FirstHeight) { Block = new string('0', 64) };
        using var log = new StringWriter();
        var reconciler = new Reconciler(
            [new BitcoinBalances(database, world.NewNode(scan), Networks.Development)],
            database,
            new Metrics.PaymentsMetrics(new Services.EventLog(log, TimeProvider.System, "subject"), "1"),
            TimeProvider.System);
        await Assert.Single(await reconciler.PartsAsync(default)).WorkAsync(default);
        Assert.Null(await database.ReadAsync(session => session.LastReconciliationAsync(Asset.Bitcoin)));
        (scan.Block, scan.IsBusy) = (null, true);
        var part = Assert.Single(await reconciler.PartsAsync(default));
        await Assert.ThrowsAsync<NodeRefusedException>(() => part.WorkAsync(default));
        (scan.IsBusy, scan.IsAborted) = (false, true);
        part = Assert.Single(await reconciler.PartsAsync(default));
        await Assert.ThrowsAsync<NodeUnreachableException>(() => part.WorkAsync(default));
        scan.IsAborted = false;
        await Assert.Single(await reconciler.PartsAsync(default)).WorkAsync(default);
        Assert.Equal(ReconciliationMethod.UnspentSet, await MethodAsync(database));
    }

    private async Task<BitcoinWorld> StartAsync(Database database)
    {
        await bitcoin.MineAsync();
        return await BitcoinWorld.StartAsync(bitcoin, database, _scratch.Path);
    }

    private static (BigInteger Booked, BigInteger OnChain, BigInteger Difference) Of(IReadOnlyList<ReconciliationResult> results) =>
        Assert.Single(results) is var one ? (one.Booked, one.OnChain, one.Difference) : default;

    private static async Task<string?> MethodAsync(Database database) => (await database.ReadAsync(session => session.LastReconciliationAsync(Asset.Bitcoin)))!.Method;
}
