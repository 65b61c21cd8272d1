using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Books;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Deposits and transfers on a real node.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BitcoinSenderTests(BitcoinRegtest chain) : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private SqliteDatabase _database = null!;
    private BitcoinWorld _world = null!;

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_scratch.At("payments.db"));
        await _database.MigrateAsync(default);
    }

    public async Task DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Coins_arrive_settle_and_are_paid_out_with_change()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        await world.FundAsync(2, 1_000_000);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((0, 2_000_000), (await world.BalanceAsync(Account.Available(world.Wallet.Id)), await world.BalanceAsync(Account.Incoming(world.Wallet.Id))));
        await chain.MineAsync(5);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(2_000_000, await world.BalanceAsync(Account.Available(world.Wallet.Id)));
        Assert.All(await world.DepositsAsync(), deposit => Assert.Equal(Deposit.Final, deposit.State));

        // More than one coin has.
        var transfer = await world.AddAsync(1, 1_200_000);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Broadcast, (await world.TransferAsync(transfer.Id)).State);
        // bcoin answers before it has looked at a transaction.
        await Waiting.UntilAsync("the node has it", async () => (await chain.Chain.CallAsync("getrawmempool")).GetArrayLength() > 0);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Seen, (await world.TransferAsync(transfer.Id)).State);
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(transfer.Id);
        Assert.Equal((TransferState.Final, 6), (ended.State, ended.Confirmations));
        Assert.InRange((long)ended.Fee!.Value, 1, (long)BitcoinWorld.MaxFee);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1_200_000 });

        // The change is spent by the next.
        await world.AddAsync(2, 600_000);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1_200_000, [2] = 600_000 });
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_deposit_whose_block_is_replaced_leaves_the_books_and_comes_back_with_the_next(int depth)
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var payment = await world.FundAsync(1, 1_000_000);
        if (depth > 1)
            await chain.MineAsync(depth - 1);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(1_000_000, await world.BalanceAsync(Account.Incoming(world.Wallet.Id)));

        await chain.Chain.ReplaceAsync(depth);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(Deposit.Orphaned, Assert.Single(await world.DepositsAsync()).State);
        Assert.Equal(0, await world.BalanceAsync(Account.Incoming(world.Wallet.Id)));
        Assert.Empty(await world.Database.ReadAsync(session => session.AuditAsync()));
        // Whoever pays sends it again.
        await chain.Chain.CallAsync("sendrawtransaction", payment);
        await chain.MineAsync(7);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(Deposit.Final, Assert.Single(await world.DepositsAsync()).State);
        Assert.Equal((1_000_000, 0), (await world.BalanceAsync(Account.Available(world.Wallet.Id)), await world.BalanceAsync(Account.Incoming(world.Wallet.Id))));
    }

    [SkippableFact]
    public async Task Two_transfers_never_share_a_coin_and_what_is_not_covered_by_one_waits_for_change()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        await world.FundAsync(1, 1_000_000);
        await chain.MineAsync(5);
        await sender.WorkAsync(world.Wallet, default);
        var (first, second) = (await world.AddAsync(1, 300_000), await world.AddAsync(2, 300_000));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Broadcast, TransferState.Approved), ((await world.TransferAsync(first.Id)).State, (await world.TransferAsync(second.Id)).State));
        Assert.Contains("no coins that are free and final", world.Log, StringComparison.Ordinal);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = 300_000 });
    }

    [SkippableFact]
    public async Task A_transfer_is_final_by_the_rule_of_deposits_of_its_amount()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner();
        var rules = new DepositRules { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add("bitcoin", FinalityRule.Parse("1:300000,3", hasFinalized: false)) };
        var sender = world.NewSender(signer, rules: rules);
        await world.FundAsync(2, 1_000_000);
        await chain.MineAsync(5);
        await sender.WorkAsync(world.Wallet, default);
        var (small, large) = (await world.AddAsync(1, 300_000), await world.AddAsync(2, 300_001));
        await sender.WorkAsync(world.Wallet, default);
        await chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Final, TransferState.Confirmed), ((await world.TransferAsync(small.Id)).State, (await world.TransferAsync(large.Id)).State));
        await chain.MineAsync(2);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Final, 3), ((await world.TransferAsync(large.Id)).State, (await world.TransferAsync(large.Id)).Confirmations));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = 300_001 });
    }

    [SkippableFact]
    public async Task What_the_signer_refuses_fails_and_frees_its_coins()
    {
        var world = await StartAsync();
        using var signer = world.OpenSigner([BitcoinWorld.Destination(world.Seed, 2)]);
        var sender = world.NewSender(signer);
        await world.FundAsync(1, 1_000_000);
        await chain.MineAsync(5);
        await sender.WorkAsync(world.Wallet, default);
        var refused = await world.AddAsync(1, 300_000);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Failed, (await world.TransferAsync(refused.Id)).State);
        await world.AddAsync(2, 300_000);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 300_000 });
    }

    [Theory]
    [InlineData(1000, 0, null)]
    [InlineData(100_000, 140, 99_000L)]
    [InlineData(1000, 200, 800L)]
    public void A_plan_pays_for_its_size_and_leaves_no_dust(long amount, long leastFee, long? wanted)
    {
        var coin = new Coin { Outpoint = "a:0", Wallet = "w", Amount = amount };
        var plan = BitcoinPlan.Select([coin], wanted ?? amount - 700, 1000, 10_000, ScriptKind.Bip84, 22, 22);
        Assert.NotNull(plan);
        Assert.Equal(amount, (wanted ?? amount - 700) + plan.Fee + plan.Change);
        Assert.True(plan.Change == 0 || plan.Change >= 546);
        Assert.True(plan.Fee >= leastFee);
        Assert.Null(BitcoinPlan.Select([coin], amount, 1000, 10_000, ScriptKind.Bip84, 22, 22));
        Assert.Null(BitcoinPlan.Select([coin], amount / 2, 1_000_000, 10_000, ScriptKind.Bip84, 22, 22));
    }

    private async Task<BitcoinWorld> StartAsync() => _world = await BitcoinWorld.StartAsync(chain, _database, _scratch.Path);
}
