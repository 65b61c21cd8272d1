using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using static HaCluster.Payments.Tests.Scanning.Deposits;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>Replicas that take turns at a chain, and do not know the same.</summary>
[Collection(StoreCollection.Name)]
public sealed class HandoverTests(PostgreSql postgreSql) : IDisposable
{
    private static readonly DepositRules WithToken = new() { Tokens = [new Asset(Asset.Ethereum, Token)] };

    /// <summary>The third account of every anvil.</summary>
    private const string Newcomer = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task Blocks_that_were_looked_through_without_a_token_are_read_again_by_whoever_knows_it(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        var (with, without) = (world.NewWatcher(WithToken), world.NewWatcher());
        var address = await AddAddressAsync(world);
        await with.WorkAsync(default);
        await PayTokenAsync(world, address, 40);
        await PayTokenAsync(world, Newcomer, 5);
        await world.Chain.MineAsync();
        await without.WorkAsync(default);
        Assert.Empty(await AllAsync(world));
        await PayTokenAsync(world, address, 2);
        await world.Chain.MineAsync(3);
        // A wallet that is new by then has in its opening balance what came to it.
        await AddNewcomerAsync(world);
        await with.WorkAsync(default);
        Assert.Equal([2, 40], (await AllAsync(world)).Select(deposit => (int)deposit.Amount).Order());
        await with.WorkAsync(default);
        await AssertReconciledAsync(world, WithToken);

        // What takes their place after a reorganisation is looked through without it, too.
        await PayTokenAsync(world, address, 7);
        await world.Chain.MineAsync(2);
        await with.WorkAsync(default);
        await world.Chain.RollBackAsync(2);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await world.Chain.ForkAsync(7);
        await PayTokenAsync(world, address, 9);
        await world.Chain.MineAsync(3);
        await without.WorkAsync(default);
        await with.WorkAsync(default);
        Assert.Equal([2, 9, 40], (await AllAsync(world)).Where(deposit => deposit.Height is not null).Select(deposit => (int)deposit.Amount).Order());
        await world.Chain.MineAsync(3);
        await with.WorkAsync(default);
        await AssertReconciledAsync(world, WithToken);
    }

    [SkippableFact]
    public async Task A_token_that_no_setting_named_for_a_while_is_made_up_for()
    {
        await using var world = await StartAsync(StoreKind.Sqlite);
        var address = await AddAddressAsync(world);
        await world.NewWatcher(WithToken).WorkAsync(default);
        var without = world.NewWatcher();
        for (var part = 1; part <= 3; part++)
        {
            await PayTokenAsync(world, address, part);
            await world.Chain.MineAsync(100);
        }

        var head = Convert.ToInt64((await world.Chain.CallAsync("eth_blockNumber")).GetString(), 16);
        while ((await world.Database.ReadAsync(session => session.ScannedAsync(Asset.Ethereum)))!.Number < head)
            await without.WorkAsync(default);
        Assert.Empty(await AllAsync(world));
        // Until these are read again the books are not asked for the token: the chain has more of it.
        var (compared, _) = await ReconcileAsync(world, WithToken);
        Assert.Equal((Asset.Ethereum, 0), Assert.Single(compared.Select(result => (result.Asset, (int)result.Difference))));
        var with = world.NewWatcher(WithToken);
        await with.WorkAsync(default);
        Assert.Equal([(Deposit.Final, 1), (Deposit.Final, 2), (Deposit.Final, 3)], (await AllAsync(world)).Select(Of).Order());
        Assert.Equal(head, Assert.Single(await world.Database.ReadAsync(session => session.TokenScansAsync([TokenAsset]))).Height);
        await AssertReconciledAsync(world, WithToken);
        Assert.Contains((await ReconcileAsync(world, WithToken)).Results, result => result is { Asset: TokenAsset, Booked.IsZero: false });
    }

    [SkippableTheory, OnBothStores]
    public async Task Blocks_that_were_read_before_another_replica_opened_a_wallet_are_read_again(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        await PayAsync(world, Newcomer, 1_000);
        await world.Chain.MineAsync(30);
        var scanned = (await world.Database.ReadAsync(session => session.ScannedAsync(Asset.Ethereum)))!;
        // The other one has taken over at the block at which this one has read on: it was paused for longer than its lease.
        var watcher = world.NewWatcher(faults: new Once(WatchPoint.BlocksRead, async () =>
        {
            await AddNewcomerAsync(world);
            using var client = new NodeClient(world.Chain.Url);
            var (node, rules) = (new EthereumNode(client), new DepositRules());
            var metrics = new PaymentsMetrics(new EventLog(world.LogWriter, TimeProvider.System, "subject"), "1");
            var context = new WatcherContext(world.Database, metrics, NoFaults.Instance, TimeProvider.System, rules);
            await new EthereumOpener(node, new EthereumReader(world.Database, node, Networks.Development, rules), context).OpenAsync(scanned, default);
            Assert.Equal(scanned.Number, (await world.Database.ReadAsync(session => session.WalletAsync("wal_2")))!.OpenedBlock);
        }));
        await watcher.WorkAsync(default);
        await watcher.WorkAsync(default);
        Assert.Equal((Deposit.Final, 1_000), Of(Assert.Single(await world.Database.ReadAsync(session => session.DepositsAsync("wal_2", null, 10)))));
        await AssertReconciledAsync(world);
    }

    private static Task AddNewcomerAsync(EthereumWorld world) => world.Database.ChangeAsync(session => session.AddWalletAsync(
        new Wallet { Id = "wal_2", Chain = Asset.Ethereum, Name = "newcomer", Script = ScriptKind.None, SigningKey = "new", Sender = Newcomer }, "test", DateTimeOffset.UtcNow));

    /// <summary>With a token that can be paid.</summary>
    private async Task<EthereumWorld> StartAsync(StoreKind kind)
    {
        var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), await Stores.OpenAsync(kind, _scratch, postgreSql), _scratch.Path, extendedKey: Deposits.ExtendedKey);
        await world.Chain.CallAsync("anvil_setCode", Token, Contracts.Token);
        await SetTokenAsync(world, Payer, 1_000);
        await world.Chain.MineAsync(3);
        await world.NewWatcher().WorkAsync(default);
        return world;
    }

    private sealed class Once(string point, Func<Task> work) : IFaultPoints
    {
        private bool _hasHappened;

        public void Reach(string reached)
        {
            if (reached != point || _hasHappened)
                return;
            _hasHappened = true;
            work().GetAwaiter().GetResult();
        }
    }
}
