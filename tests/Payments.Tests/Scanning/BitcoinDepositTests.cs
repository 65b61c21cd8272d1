using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>Deposits on a real node of Bitcoin, to a wallet that nobody signs for.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BitcoinDepositTests(BitcoinRegtest chain) : IAsyncLifetime, IDisposable
{
    private const string Wallet = "wal_1";

    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();
    private readonly List<IDisposable> _connections = [];
    private PostgreSql? _postgreSql;
    private Database _database = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_postgreSql is not null)
            await _postgreSql.DisposeAsync();
    }

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _log.Dispose();
        _scratch.Dispose();
    }

    [SkippableTheory, OnBothStores]
    public async Task A_deposit_is_seen_in_the_pool_confirmed_and_final_by_its_amount(StoreKind kind)
    {
        await StartAsync(kind);
        var rules = new DepositRules { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add(Asset.Bitcoin, FinalityRule.Parse("1:1000,3", hasFinalized: false)) };
        var watcher = NewWatcher(rules);
        var (small, large) = (await AddAddressAsync(), await AddAddressAsync());
        await chain.PayAsync(1_000, small);
        await chain.PayAsync(1_001, large);
        await watcher.WorkAsync(default);
        Assert.Equal([(Deposit.Seen, 1_000), (Deposit.Seen, 1_001)], await StatesAsync());
        Assert.Equal(0, await BalanceAsync(Account.Incoming(Wallet)));
        await chain.MineAsync();
        await watcher.WorkAsync(default);
        Assert.Equal([(Deposit.Confirmed, 1_001), (Deposit.Final, 1_000)], await StatesAsync());
        await chain.MineAsync();
        await watcher.WorkAsync(default);
        Assert.Equal(1_001, await BalanceAsync(Account.Incoming(Wallet)));
        await chain.MineAsync();
        await watcher.WorkAsync(default);
        Assert.Equal((2_001, 0), (await BalanceAsync(Account.Available(Wallet)), await BalanceAsync(Account.Incoming(Wallet))));
        Assert.Equal(2, (await _database.ReadAsync(session => session.SpendableCoinsAsync(Wallet))).Count);
        Assert.Equal(
            ["deposit.seen", "deposit.confirmed", "deposit.final"],
            (await EventsAsync()).Where(one => one.Data.Contains("\"1001\"", StringComparison.Ordinal)).Select(one => one.Type));
        await AssertReconciledAsync();
    }

    [SkippableFact]
    public async Task A_seen_deposit_whose_coin_a_block_spends_otherwise_is_replaced()
    {
        await StartAsync();
        var watcher = NewWatcher();
        var (first, second) = (await AddAddressAsync(), await AddAddressAsync());
        var (replaced, replacement) = await chain.FundTwiceAsync(1_000, first, 2_000, second);
        await chain.Chain.CallAsync("sendrawtransaction", replaced.ToHex());
        await chain.InPoolAsync(replaced);
        await watcher.WorkAsync(default);
        Assert.Equal([(Deposit.Seen, 1_000)], await StatesAsync());
        // bcoin keeps the first of two that spend a coin; a miner need not.
        await chain.MineAsync(replacement);
        await watcher.WorkAsync(default);
        Assert.Equal([(Deposit.Confirmed, 2_000), (Deposit.Replaced, 1_000)], await StatesAsync());
        Assert.Equal(replacement.GetHash().ToString(), (await DepositsAsync()).Single(deposit => deposit.State == Deposit.Replaced).ReplacedBy);
        await AssertReconciledAsync();
    }

    [SkippableFact]
    public async Task Dust_is_ignored_and_late_payments_are_marked()
    {
        await StartAsync();
        var rules = new DepositRules { Smallest = ImmutableDictionary<string, BigInteger>.Empty.Add(Asset.Bitcoin, 1_000) };
        var watcher = NewWatcher(rules);
        var (dust, late) = (await AddAddressAsync(), await AddAddressAsync(expires: DateTimeOffset.UtcNow.AddDays(-1)));
        await chain.PayAsync(999, dust);
        await chain.PayAsync(5_000, late);
        await watcher.WorkAsync(default);
        await chain.MineAsync(6);
        await watcher.WorkAsync(default);
        Assert.Equal([(Deposit.Final, 5_000), (Deposit.Ignored, 999)], await StatesAsync());
        Assert.Equal([1L, 0L], (await DepositsAsync()).OrderByDescending(deposit => deposit.Amount).Select(deposit => deposit.IsLate));
        Assert.Equal((5_000, 999), (await BalanceAsync(Account.Available(Wallet)), await BalanceAsync(Account.Ignored(Wallet))));
        // Its coin is on the chain, and is not spent.
        Assert.Single(await _database.ReadAsync(session => session.SpendableCoinsAsync(Wallet)));
        await AssertReconciledAsync();
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task A_reorganisation_of_any_depth_takes_deposits_back_until_they_return(int depth)
    {
        await StartAsync();
        await chain.MineAsync(2);
        var watcher = NewWatcher();
        var address = await AddAddressAsync();
        var payment = await chain.PayAsync(1_000, address);
        await chain.MineAsync(depth);
        await watcher.WorkAsync(default);
        Assert.Equal(depth >= 6 ? Deposit.Final : Deposit.Confirmed, Assert.Single(await DepositsAsync()).State);
        if (depth >= 6)
            await _database.ChangeAsync(session => session.PostAsync([new Posting("test/spent", Asset.Bitcoin, Account.Available(Wallet), Account.World, 600)], DateTimeOffset.UtcNow));
        await chain.Chain.ReplaceAsync(depth);
        await NewWatcher().WorkAsync(default);
        Assert.Equal(Deposit.Orphaned, Assert.Single(await DepositsAsync()).State);
        // What was spent of it, the wallet owes.
        Assert.Equal((0, depth >= 6 ? -600 : 0), (await BalanceAsync(Account.Available(Wallet)), await BalanceAsync(Account.Shortage(Wallet))));
        Assert.Equal(depth >= 6, _log.ToString().Contains("was final", StringComparison.Ordinal));
        await chain.Chain.CallAsync("sendrawtransaction", payment);
        await chain.MineAsync(6);
        await watcher.WorkAsync(default);
        Assert.Equal((Deposit.Final, 2L), (Assert.Single(await DepositsAsync()).State, Assert.Single(await DepositsAsync()).Arrivals));
        Assert.Equal((depth >= 6 ? 400 : 1_000, 0), (await BalanceAsync(Account.Available(Wallet)), await BalanceAsync(Account.Shortage(Wallet))));
        Assert.Empty(await _database.ReadAsync(session => session.AuditAsync()));
    }

    [SkippableFact]
    public async Task A_node_that_goes_back_is_waited_for_and_its_blocks_are_not_taken_for_replaced()
    {
        await StartAsync();
        var watcher = NewWatcher();
        var address = await AddAddressAsync();
        await chain.PayAsync(1_000, address);
        await chain.MineAsync(2);
        await watcher.WorkAsync(default);
        var top = (await chain.Chain.CallAsync("getbestblockhash")).GetString()!;
        await chain.Chain.CallAsync("invalidateblock", top);
        await watcher.WorkAsync(default);
        Assert.Contains("watcher-waits", _log.ToString(), StringComparison.Ordinal);
        Assert.Equal(Deposit.Confirmed, Assert.Single(await DepositsAsync()).State);
        await chain.Chain.CallAsync("reconsiderblock", top);
        await chain.MineAsync(5);
        await watcher.WorkAsync(default);
        Assert.Equal((Deposit.Final, 1L), (Assert.Single(await DepositsAsync()).State, Assert.Single(await DepositsAsync()).Arrivals));
    }

    [SkippableFact]
    public async Task One_satoshi_of_difference_is_an_alarm_an_event_and_a_metric()
    {
        await StartAsync();
        var watcher = NewWatcher();
        var address = await AddAddressAsync();
        await chain.PayAsync(1_000, address);
        await chain.MineAsync(6);
        await watcher.WorkAsync(default);
        await AssertReconciledAsync();
        await _database.ChangeAsync(session => session.PostAsync([new Posting("test/wrong", Asset.Bitcoin, Account.World, Account.Available(Wallet), 1)], DateTimeOffset.UtcNow));
        var (results, metrics) = await ReconcileAsync();
        Assert.Equal((1_001, 1_000, -1), (results[0].Booked, results[0].OnChain, results[0].Difference));
        Assert.Contains("payments_reconciliation_difference_units{wallet=\"wal_1\",asset=\"bitcoin\"} -1", metrics, StringComparison.Ordinal);
        Assert.Contains("payments_reconciled_timestamp_seconds{wallet=\"wal_1\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("a difference of -1", _log.ToString(), StringComparison.Ordinal);
        Assert.Equal(["reconciliation.differs", "reconciliation.finished"], (await EventsAsync()).TakeLast(2).Select(one => one.Type));
    }

    private async Task StartAsync(StoreKind kind = StoreKind.Sqlite)
    {
        _ = chain.Chain;
        // Payments of other tests would wait in the pool.
        await chain.MineAsync();
        if (kind == StoreKind.PostgreSql)
            await (_postgreSql = new PostgreSql()).InitializeAsync();
        _database = await Stores.OpenAsync(kind, _scratch, _postgreSql!);
        var key = ExtKey.CreateFromSeed(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)).Derive(new KeyPath("84'/1'/0'")).Neuter().ToString(Network.RegTest);
        await _database.ChangeAsync(session => session.AddWalletAsync(
            new Wallet { Id = Wallet, Chain = Asset.Bitcoin, Name = "watched", Script = ScriptKind.Bip84, ExtendedKey = key, GapLimit = 20 }, "test", DateTimeOffset.UtcNow));
        await NewWatcher().WorkAsync(default);
    }

    private ChainWatcher NewWatcher(DepositRules? rules = null) => BitcoinWorld.NewWatcher(_database, NewNode(), rules ?? new DepositRules(), NoFaults.Instance, _log);

    private BitcoinNode NewNode()
    {
        var client = new NodeClient(chain.Url);
        _connections.Add(client);
        return new BitcoinNode(client, Network.RegTest);
    }

    private async Task<string> AddAddressAsync(DateTimeOffset? expires = null) => (await _database.ChangeAsync(async session => await session.AddAddressAsync(
        (await session.WalletAsync(Wallet, forUpdate: true))!, Networks.Development, WalletAddress.Receiving, null, null, expires, "test", DateTimeOffset.UtcNow))).Address;

    private Task<IReadOnlyList<Deposit>> DepositsAsync() => _database.ReadAsync(session => session.DepositsAsync(Wallet, null, 100));

    private async Task<IEnumerable<(string State, BigInteger Amount)>> StatesAsync() => (await DepositsAsync()).Select(deposit => (deposit.State, deposit.Amount)).Order();

    private Task<IReadOnlyList<StoredEvent>> EventsAsync() => _database.EventsAsync(0, 1000);

    private Task<BigInteger> BalanceAsync(string account) => _database.ReadAsync(session => session.BalanceAsync(account, Asset.Bitcoin));

    private async Task AssertReconciledAsync()
    {
        Assert.Empty(await _database.ReadAsync(session => session.AuditAsync()));
        Assert.Equal(0, Assert.Single((await ReconcileAsync()).Results).Difference);
    }

    private Task<(IReadOnlyList<ReconciliationResult> Results, string Metrics)> ReconcileAsync() => BitcoinWorld.ReconcileAsync(_database, NewNode(), _log);
}
