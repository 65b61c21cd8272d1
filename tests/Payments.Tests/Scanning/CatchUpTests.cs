using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>A watcher that was away for 5,000 blocks, and whose chain is replaced while it catches up.</summary>
public sealed class CatchUpTests(PostgreSql postgreSql) : IClassFixture<PostgreSql>, IDisposable
{
    private const string Wallet = "wal_1";
    private const int Gap = 5_000;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task The_books_are_those_of_the_new_branch(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await database.ChangeAsync(session => session.AddWalletAsync(new Wallet { Id = Wallet, Chain = Asset.Bitcoin, Name = "w", Script = ScriptKind.Bip84 }, "test", DateTimeOffset.UtcNow));
        var chain = new FakeChain { AtOnce = 500 };
        await NewWatcher(database, chain, NoFaults.Instance).WorkAsync(default);
        Mine(chain, Gap, 0);
        var branch = new Branching(async () =>
        {
            var scanned = (await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)))!.Number;
            // Some of the replaced blocks were looked through, the others were not, or are read already.
            chain.Cut(chain.Blocks.Count - (int)scanned + 50);
            Mine(chain, Gap, 10_000);
        });
        await FollowAsync(NewWatcher(database, chain, branch), database, chain);
        Assert.True(branch.HasHappened);
        Assert.InRange(branch.Commits, 2, 200);

        var deposits = await database.ReadAsync(session => session.DepositsAsync(Wallet, null, 10_000));
        Assert.Equal(
            chain.PaymentsInChain.Select(payment => payment.Id).Order(StringComparer.Ordinal), deposits.Where(deposit => deposit.State is Deposit.Confirmed or Deposit.Final).Select(deposit => deposit.Id));
        Assert.Contains(deposits, deposit => deposit.State == Deposit.Orphaned);
        Assert.Equal(
            chain.PaymentsInChain.Aggregate(BigInteger.Zero, (sum, payment) => sum + payment.Amount),
            await database.ReadAsync(async session => await session.BalanceAsync(Account.Available(Wallet), Asset.Bitcoin) + await session.BalanceAsync(Account.Incoming(Wallet), Asset.Bitcoin)));
        Assert.Equal(chain.PaymentsInChain.Count(), (await database.ReadAsync(session => session.UnspentCoinsAsync(Wallet))).Count);
        Assert.Empty(await database.ReadAsync(session => session.AuditAsync()));
    }

    [SkippableFact]
    public async Task On_a_real_node_of_Bitcoin_too()
    {
        // One of its own: the others need not carry so many blocks.
        var node = new BitcoinRegtest();
        await node.InitializeAsync();
        try
        {
            _ = node.Chain;
            await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
            await using var world = await BitcoinWorld.StartAsync(node, database, _scratch.Path);
            var (kept, lost, found) = (await world.AddAddressAsync(), await world.AddAddressAsync(), await world.AddAddressAsync());
            await node.PayAsync(1_000, kept);
            await node.MineAsync(20);
            await node.PayAsync(2_000, lost);
            for (var mined = 20; mined < Gap; mined += 83)
                await node.MineAsync(83);
            var branch = new Branching(async () =>
            {
                // All but the twenty oldest of them.
                await node.Chain.ReplaceAsync((int)(await node.Chain.HeightAsync() - world.FirstHeight) - 20);
                await node.PayAsync(4_000, found);
                await node.MineAsync(ReadAhead.Tip);
            });
            var watcher = world.NewWatcher(faults: branch);
            while ((await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)))!.Number < await node.Chain.HeightAsync())
                await RoundAsync(watcher);
            Assert.True(branch.HasHappened);
            Assert.Equal([1_000, 4_000], (await world.DepositsAsync()).Where(deposit => deposit.State is Deposit.Confirmed or Deposit.Final).Select(deposit => deposit.Amount).Order());
            await world.AssertReconciledAsync();
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task On_a_real_node_of_Ethereum_after_500_blocks_too()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), database, _scratch.Path, extendedKey: Deposits.ExtendedKey);
        var (kept, lost, found) = (await Deposits.AddAddressAsync(world), await Deposits.AddAddressAsync(world), await Deposits.AddAddressAsync(world));
        await Deposits.PayAsync(world, kept, 1_000);
        await world.Chain.MineAsync(20);
        // anvil keeps the states of a thousand blocks, and takes its time for more.
        const int gap = Gap / 10;
        var fork = (await world.Chain.CallAsync("evm_snapshot")).GetString()!;
        await Deposits.PayAsync(world, lost, 2_000);
        await world.Chain.MineAsync(gap);
        var branch = new Branching(async () =>
        {
            await world.Chain.CallAsync("evm_revert", fork);
            await world.Chain.ForkAsync(9);
            await Deposits.PayAsync(world, found, 4_000);
            await world.Chain.MineAsync(gap + 1);
        });
        var rules = new DepositRules { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add(Asset.Ethereum, FinalityRule.Of(3)) };
        var watcher = world.NewWatcher(rules, branch);
        var head = Convert.ToInt64((await world.Chain.CallAsync("eth_blockNumber")).GetString(), 16) + 1;
        while ((await database.ReadAsync(session => session.ScannedAsync(Asset.Ethereum)))!.Number < head)
            await RoundAsync(watcher);
        Assert.True(branch.HasHappened);
        Assert.Equal([1_000, 4_000], (await Deposits.AllAsync(world)).Where(deposit => deposit.State == Deposit.Final).Select(deposit => deposit.Amount).Order());
        await Deposits.AssertReconciledAsync(world, rules);
    }

    /// <summary>As in the service: a round that asks for a block which the node has just replaced ends, and the next one finds the new branch.</summary>
    private static async Task RoundAsync(ChainWatcher watcher)
    {
        try
        {
            await watcher.WorkAsync(default);
        }
        catch (NodeUnreachableException)
        {
            // Told and tried again.
        }
    }

    [SkippableTheory, OnBothStores]
    public async Task Near_the_head_each_block_is_a_transaction_of_its_own(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await database.ChangeAsync(session => session.AddWalletAsync(new Wallet { Id = Wallet, Chain = Asset.Bitcoin, Name = "w", Script = ScriptKind.Bip84 }, "test", DateTimeOffset.UtcNow));
        var chain = new FakeChain { AtOnce = 500 };
        await NewWatcher(database, chain, NoFaults.Instance).WorkAsync(default);
        Mine(chain, 100, 0);
        var points = new Counting();
        await NewWatcher(database, chain, points).WorkAsync(default);
        Assert.Equal((1, ReadAhead.Tip), (points.Of(WatchPoint.BlocksStored), points.Of(WatchPoint.BlockStored)));
        Mine(chain, ReadAhead.Tip + 1, 1_000);
        await NewWatcher(database, chain, points).WorkAsync(default);
        Assert.Equal((1, (2 * ReadAhead.Tip) + 1), (points.Of(WatchPoint.BlocksStored), points.Of(WatchPoint.BlockStored)));
        // A long transaction keeps others waiting: 200 deposits are enough for one, unless they are in one block.
        foreach (var number in Enumerable.Range(0, 10))
            chain.Mine([.. Enumerable.Range(0, number == 9 ? 300 : 90).Select(each => Payment(2_000 + (1_000 * number) + each))]);
        Mine(chain, ReadAhead.Tip, 20_000);
        points = new Counting();
        await NewWatcher(database, chain, points).WorkAsync(default);
        Assert.Equal((4, 2 + ReadAhead.Tip), (points.Of(WatchPoint.BlocksStored), points.Of(WatchPoint.BlockStored)));
    }

    [SkippableTheory, OnBothStores]
    public async Task What_a_node_says_twice_is_one_deposit(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await database.ChangeAsync(session => session.AddWalletAsync(new Wallet { Id = Wallet, Chain = Asset.Bitcoin, Name = "w", Script = ScriptKind.Bip84 }, "test", DateTimeOffset.UtcNow));
        var chain = new FakeChain();
        await NewWatcher(database, chain, NoFaults.Instance).WorkAsync(default);
        chain.Mine([Payment(1), Payment(2), Payment(1)]);
        await NewWatcher(database, chain, NoFaults.Instance).WorkAsync(default);
        var (deposits, postings) = await database.ReadAsync(async session => (await session.DepositsAsync(Wallet, null, 10), await session.PostingsAsync(0, 10)));
        Assert.Equal(2, deposits.Count);
        Assert.Equal(deposits.Select(deposit => $"deposit/{deposit.Id}/arrived/1"), postings.Select(posting => posting.Cause).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Blocks_that_do_not_follow_one_another_are_not_stored()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        var chain = new FakeChain { AtOnce = 500 };
        await NewWatcher(database, chain, NoFaults.Instance).WorkAsync(default);
        Mine(chain, 50, 0);
        chain.Unlinked = 30;
        await NewWatcher(database, chain, NoFaults.Instance).WorkAsync(default);
        Assert.Equal(29, (await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)))!.Number);
        chain.Unlinked = 0;
        await NewWatcher(database, chain, NoFaults.Instance).WorkAsync(default);
        Assert.Equal(50, (await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)))!.Number);
    }

    private static async Task FollowAsync(ChainWatcher watcher, Database database, FakeChain chain)
    {
        while (await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)) != chain.Blocks[^1].Reference)
            await watcher.WorkAsync(default);
    }

    /// <summary>With a payment in each hundredth.</summary>
    private static void Mine(FakeChain chain, int blocks, int first)
    {
        for (var number = 0; number < blocks; number++)
            chain.Mine(number % 100 == 50 ? [Payment(first + number)] : []);
    }

    private static PoolTransaction Payment(int number)
    {
        var txid = $"tx{number:d6}";
        return new PoolTransaction(txid, [new Payment($"dep_{txid}_0", txid, 0, Asset.Bitcoin, 1_000 + number, new OwnAddress { Address = "address", Wallet = Wallet })], [new Spend($"coin-{txid}", txid)]);
    }

    private static ChainWatcher NewWatcher(Database database, FakeChain chain, IFaultPoints faults) =>
        new(chain, null, new WatcherContext(database, new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1"), faults, TimeProvider.System, new DepositRules()));

    private sealed class Counting : IFaultPoints
    {
        private readonly List<string> _reached = [];

        public void Reach(string point) => _reached.Add(point);

        public int Of(string point) => _reached.Count(reached => reached == point);
    }

    /// <summary>Replaces the chain once, when the first blocks of several are stored.</summary>
    private sealed class Branching(Func<Task> replace) : IFaultPoints
    {
        public bool HasHappened { get; private set; }

        public int Commits { get; private set; }

        public void Reach(string point)
        {
            if (point is WatchPoint.BlockStored or WatchPoint.BlocksStored or WatchPoint.BlockTakenBack)
                Commits++;
            if (point != WatchPoint.BlocksStored || HasHappened)
                return;
            HasHappened = true;
            replace().GetAwaiter().GetResult();
        }
    }
}
