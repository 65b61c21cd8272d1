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
using HaCluster.Services;
using static HaCluster.Payments.Tests.Scanning.Deposits;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>Deposits on a real node of Ethereum.</summary>
[Collection(StoreCollection.Name)]
public sealed class EthereumDepositTests(PostgreSql postgreSql) : IDisposable
{
    private static readonly DepositRules WithToken = new() { Tokens = [new Asset(Asset.Ethereum, Token)] };

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task Ether_and_tokens_arrive_are_seen_confirmed_and_final(StoreKind kind)
    {
        await using var world = await StartAsync(kind);
        await world.Chain.CallAsync("anvil_setCode", Token, Contracts.Token);
        // What it had of the token before the service watched it.
        await SetTokenAsync(world, EthereumWorld.Sender, 77);
        await world.Chain.MineAsync(3);
        var watcher = world.NewWatcher(WithToken);
        await watcher.WorkAsync(default);
        Assert.Equal(77, await BalanceAsync(world, Account.Available(world.Wallet.Id), TokenAsset));

        var address = await AddAddressAsync(world);
        await SetTokenAsync(world, Payer, 1_000);
        var paid = await PayAsync(world, address, 1_000_000);
        await watcher.WorkAsync(default);
        Assert.Equal((Deposit.Seen, 1_000_000), Of(Assert.Single(await AllAsync(world))));
        await PayAsync(world, EthereumWorld.Sender, 500);
        await PayTokenAsync(world, address, 40);
        await PayTokenAsync(world, EthereumWorld.Destination(1), 3);
        await world.Chain.MineAsync();
        await watcher.WorkAsync(default);
        Assert.Equal([(Deposit.Confirmed, 40), (Deposit.Confirmed, 500), (Deposit.Confirmed, 1_000_000)], (await AllAsync(world)).Select(Of).Order());
        Assert.Equal((1_000_500, 40), (await BalanceAsync(world, Account.Incoming(world.Wallet.Id)), await BalanceAsync(world, Account.Incoming(world.Wallet.Id), TokenAsset)));
        await world.Chain.MineAsync(2);
        await watcher.WorkAsync(default);
        Assert.All(await AllAsync(world), deposit => Assert.Equal(Deposit.Final, deposit.State));
        Assert.Equal(117, await BalanceAsync(world, Account.Available(world.Wallet.Id), TokenAsset));
        Assert.Equal(
            ["deposit.seen", "deposit.confirmed", "deposit.final"],
            (await EventsAsync(world)).Where(one => one.Subject == $"dep_{paid}_0").Select(one => one.Type));
        await AssertReconciledAsync(world, WithToken);
    }

    [SkippableFact]
    public async Task A_failed_transaction_is_no_deposit_and_one_that_was_seen_is_dropped()
    {
        await using var world = await StartAsync();
        var watcher = world.NewWatcher();
        var address = await AddAddressAsync(world);
        await PayAsync(world, address, 1_000, gas: 100_000);
        await watcher.WorkAsync(default);
        Assert.Equal(Deposit.Seen, Assert.Single(await AllAsync(world)).State);
        await world.Chain.CallAsync("anvil_setCode", address, Contracts.Refuser);
        await world.Chain.MineAsync();
        await watcher.WorkAsync(default);
        Assert.Equal(Deposit.Dropped, Assert.Single(await AllAsync(world)).State);
        Assert.Equal(0, await BalanceAsync(world, Account.Incoming(world.Wallet.Id)));
    }

    [SkippableFact]
    public async Task What_the_node_no_longer_has_is_dropped_once_and_seen_again_when_it_comes_back()
    {
        await using var world = await StartAsync();
        var watcher = world.NewWatcher();
        var address = await AddAddressAsync(world);
        var txid = await PayAsync(world, address, 1_000);
        await watcher.WorkAsync(default);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await watcher.WorkAsync(default);
        await watcher.WorkAsync(default);
        Assert.Equal(Deposit.Dropped, Assert.Single(await AllAsync(world)).State);
        Assert.Equal(txid, await PayAsync(world, address, 1_000));
        await watcher.WorkAsync(default);
        Assert.Equal(Deposit.Seen, Assert.Single(await AllAsync(world)).State);
        await world.Chain.MineAsync(4);
        await watcher.WorkAsync(default);
        Assert.Equal(["deposit.seen", "deposit.dropped", "deposit.seen", "deposit.confirmed", "deposit.final"], (await EventsAsync(world)).Select(one => one.Type).Where(type => type.StartsWith("deposit.", StringComparison.Ordinal)));
        await AssertReconciledAsync(world);
    }

    [SkippableFact]
    public async Task Books_and_chain_are_compared_every_day()
    {
        await using var world = await StartAsync();
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        using var client = new NodeClient(world.Chain.Url);
        var metrics = new PaymentsMetrics(new EventLog(world.LogWriter, clock, "subject"), "1");
        var reconciler = new Reconciler([new EthereumBalances(world.Database, new EthereumNode(client), new DepositRules(), clock)], world.Database, metrics, clock);
        await Assert.Single(await reconciler.PartsAsync(default)).WorkAsync(default);
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Empty(await reconciler.PartsAsync(default));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(await reconciler.PartsAsync(default));
    }

    [SkippableFact]
    public async Task A_seen_payment_whose_nonce_another_one_uses_is_replaced()
    {
        await using var world = await StartAsync();
        var watcher = world.NewWatcher();
        var (first, second) = (await AddAddressAsync(world), await AddAddressAsync(world));
        var replaced = await PayAsync(world, first, 1_000, tip: 2);
        await watcher.WorkAsync(default);
        var nonce = (await world.Chain.CallAsync("eth_getTransactionByHash", replaced)).GetProperty("nonce").GetString()!;
        var replacement = await PayAsync(world, second, 2_000, tip: 20, nonce: nonce);
        await watcher.WorkAsync(default);
        await world.Chain.MineAsync();
        await watcher.WorkAsync(default);
        var deposits = (await AllAsync(world)).ToDictionary(deposit => deposit.Txid);
        Assert.Equal((Deposit.Replaced, replacement), (deposits[replaced].State, deposits[replaced].ReplacedBy));
        Assert.Equal(Deposit.Confirmed, deposits[replacement].State);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public async Task A_reorganisation_takes_deposits_back_also_those_that_were_final(int depth)
    {
        await using var world = await StartAsync();
        var watcher = world.NewWatcher();
        var address = await AddAddressAsync(world);
        await world.Chain.MineAsync(10);
        await watcher.WorkAsync(default);
        await PayAsync(world, address, 1_000);
        await world.Chain.MineAsync(depth);
        await watcher.WorkAsync(default);
        Assert.Equal(depth > 2 ? Deposit.Final : Deposit.Confirmed, Assert.Single(await AllAsync(world)).State);

        await world.Chain.RollBackAsync(depth);
        await world.Chain.CallAsync("anvil_dropAllTransactions");
        await world.Chain.ForkAsync(7);
        await watcher.WorkAsync(default);
        // The node's chain is shorter than what was scanned: that may be a node that is behind.
        Assert.NotEqual(Deposit.Orphaned, Assert.Single(await AllAsync(world)).State);
        await world.Chain.MineAsync(depth);
        await watcher.WorkAsync(default);
        Assert.Equal(Deposit.Orphaned, Assert.Single(await AllAsync(world)).State);
        Assert.Equal(depth > 2, world.Log.Contains("was final", StringComparison.Ordinal));
        await world.Chain.MineAsync(3);
        await watcher.WorkAsync(default);
        await AssertReconciledAsync(world);

        await PayAsync(world, address, 1_000);
        await world.Chain.MineAsync(4);
        await watcher.WorkAsync(default);
        Assert.Equal(2, (await AllAsync(world)).Count + (await AllAsync(world)).Count(deposit => deposit is { State: Deposit.Final, Arrivals: 2 }));
        await AssertReconciledAsync(world);
    }

    [SkippableFact]
    public async Task A_gap_of_500_blocks_is_closed_by_a_watcher_that_starts_again()
    {
        await using var world = await StartAsync();
        var address = await AddAddressAsync(world);
        await world.NewWatcher().WorkAsync(default);
        for (var part = 0; part < 5; part++)
        {
            await world.Chain.MineAsync(99);
            await PayAsync(world, address, 1_000);
            await world.Chain.MineAsync();
        }

        await world.Chain.MineAsync(3);
        // A round ends after a time, so that its lease is renewed.
        var head = Convert.ToInt64((await world.Chain.CallAsync("eth_blockNumber")).GetString(), 16);
        while ((await world.Database.ReadAsync(session => session.ScannedAsync(Asset.Ethereum)))!.Number < head)
            await world.NewWatcher().WorkAsync(default);
        Assert.Equal(5_000, await BalanceAsync(world, Account.Available(world.Wallet.Id)) - await OpeningAsync(world));
        Assert.All(await AllAsync(world), deposit => Assert.Equal(Deposit.Final, deposit.State));
        await AssertReconciledAsync(world);
    }

    [SkippableFact]
    public async Task Small_deposits_are_final_sooner_by_the_rules_and_dust_is_kept_apart()
    {
        await using var world = await StartAsync();
        var rules = new DepositRules
        {
            Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add(Asset.Ethereum, FinalityRule.Parse("1:100,5", hasFinalized: true)),
            Smallest = ImmutableDictionary<string, BigInteger>.Empty.Add(Asset.Ethereum, 10),
        };
        var watcher = world.NewWatcher(rules);
        var address = await AddAddressAsync(world);
        foreach (var amount in new[] { 9, 100, 101 })
            await PayAsync(world, address, amount);
        await world.Chain.MineAsync();
        await watcher.WorkAsync(default);
        Assert.Equal([(Deposit.Confirmed, 101), (Deposit.Final, 100), (Deposit.Ignored, 9)], (await AllAsync(world)).Select(Of).Order());
        await world.Chain.MineAsync(3);
        await watcher.WorkAsync(default);
        Assert.Single(await AllAsync(world), deposit => deposit.State == Deposit.Confirmed);
        await world.Chain.MineAsync();
        await watcher.WorkAsync(default);
        Assert.Equal((9, 0), (await BalanceAsync(world, Account.Ignored(world.Wallet.Id)), await BalanceAsync(world, Account.Incoming(world.Wallet.Id))));
        await AssertReconciledAsync(world, rules);
    }

    [SkippableFact]
    public async Task A_transfer_to_an_own_address_is_one_deposit_and_one_under_way_is_no_difference()
    {
        await using var world = await StartAsync();
        var watcher = world.NewWatcher();
        var address = await AddAddressAsync(world);
        using var signer = world.OpenSigner([address]);
        var sender = world.NewSender(signer);
        await world.AddAsync("trf_own", address, 1_000);
        await sender.WorkAsync(world.Wallet, default);
        await world.Chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        await watcher.WorkAsync(default);
        // The amount is on both sides of it, and the fee is gone; nothing of it is booked as paid.
        await AssertReconciledAsync(world);
        await world.FinishAsync(sender);
        await world.Chain.MineAsync(2);
        await watcher.WorkAsync(default);
        Assert.Equal((Deposit.Final, 1_000), Of(Assert.Single(await AllAsync(world))));
        await AssertReconciledAsync(world);
    }

    [SkippableFact]
    public async Task Ether_that_a_contract_pays_is_found_by_the_reconciler_to_the_unit()
    {
        await using var world = await StartAsync();
        var watcher = world.NewWatcher();
        var address = await AddAddressAsync(world);
        const string contract = "0x0000000000000000000000000000000000000bad";
        await world.Chain.CallAsync("anvil_setCode", contract, Contracts.Payer);
        await world.Chain.CallAsync("eth_sendTransaction", new { from = Payer, to = contract, value = "0x1", data = "0x" + address[2..].PadLeft(64, '0'), gas = "0x186a0" });
        await world.Chain.MineAsync(3);
        await watcher.WorkAsync(default);
        Assert.Empty(await AllAsync(world));
        var (result, metrics) = await ReconcileAsync(world, new DepositRules());
        Assert.Equal(1, Assert.Single(result).Difference);
        Assert.Contains("payments_reconciliation_difference_units{wallet=\"wal_1\",asset=\"ethereum\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains((await EventsAsync(world)), one => one.Type == "reconciliation.differs");
        Assert.Contains("a difference of 1", world.Log, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_node_of_another_chain_is_refused()
    {
        using var chain = await HaCluster.Sentinel.Tests.Peers.ChainProcess.AnvilAsync(chainId: 5);
        await using var database = new SqliteDatabase(_scratch.At("other.db"));
        await database.MigrateAsync(default);
        using var client = new NodeClient(chain.Url);
        var watcher = EthereumWorld.NewWatcher(database, new EthereumNode(client), new DepositRules(), NoFaults.Instance, TimeProvider.System, TextWriter.Null);
        var refused = await Assert.ThrowsAsync<NodeUnreachableException>(() => watcher.WorkAsync(default));
        Assert.Contains("chain 5", refused.Message, StringComparison.Ordinal);
    }

    private async Task<EthereumWorld> StartAsync(StoreKind kind = StoreKind.Sqlite) =>
        await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), await Stores.OpenAsync(kind, _scratch, postgreSql), _scratch.Path, extendedKey: ExtendedKey);
}
