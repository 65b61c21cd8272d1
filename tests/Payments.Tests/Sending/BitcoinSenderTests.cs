using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Books;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Deposits and transfers on a real node.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BitcoinSenderTests(BitcoinRegtest chain) : OwnStore
{
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
        foreach (var (blocks, confirmations) in new[] { (1, 1), (4, 5) })
        {
            await chain.MineAsync(blocks);
            await sender.WorkAsync(world.Wallet, default);
            Assert.Equal((TransferState.Confirmed, confirmations), ((await world.TransferAsync(transfer.Id)).State, (await world.TransferAsync(transfer.Id)).Confirmations));
        }

        await chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
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
        Assert.Contains("no free and final coins", world.Log, StringComparison.Ordinal);
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

    [SkippableFact]
    public async Task While_the_kill_switch_is_on_no_coins_are_set_aside_and_nothing_is_signed()
    {
        var (world, transfer) = await FundedAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        await world.Database.ChangeAsync(session => session.SetKillSwitchAsync(true, "drill", "test", DateTimeOffset.UtcNow));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Approved, false), ((await world.TransferAsync(transfer.Id)).State, await world.Database.ReadAsync(session => session.IsBeingSignedAsync(transfer.Id))));
        await world.Database.ChangeAsync(session => session.SetKillSwitchAsync(false, null, "test", DateTimeOffset.UtcNow));
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000 });
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_signer_gives_that_is_not_the_order_or_not_signed_is_neither_stored_nor_sent(bool isSignatureAlone)
    {
        var (world, transfer) = await FundedAsync();
        using var signer = new LyingSigner(world.OpenSigner(), isSignatureAlone);
        var sender = world.NewSender(signer);

        var refused = await Assert.ThrowsAsync<SigningRefusedException>(() => sender.WorkAsync(world.Wallet, default));

        Assert.Equal("not-the-order", refused.Code);
        Assert.Empty(await world.AttemptsAsync(transfer.Id));
        Assert.Equal((TransferState.Approved, 0), ((await world.TransferAsync(transfer.Id)).State, (await chain.Chain.CallAsync("getrawmempool")).GetArrayLength()));
    }

    [SkippableFact]
    public async Task Coins_that_were_set_aside_before_a_process_died_are_spent_by_the_next_and_no_others()
    {
        var (world, transfer) = await FundedAsync();
        await world.FundAsync(3, 2_000_000);
        await chain.MineAsync(5);
        using var signer = world.OpenSigner();
        await Assert.ThrowsAsync<TimeoutException>(() => world.NewSender(signer, new Dies(FaultPoint.InputsReserved)).WorkAsync(world.Wallet, default));
        var coin = Assert.Single(await world.Database.ReadAsync(session => session.ReservedCoinsAsync(transfer.Id)));
        var sender = world.NewSender(signer);
        await sender.WorkAsync(world.Wallet, default);

        var sent = NBitcoin.Transaction.Parse(Assert.Single(await world.AttemptsAsync(transfer.Id)).Raw, NBitcoin.Network.RegTest);
        Assert.Equal(coin.Outpoint, $"{Assert.Single(sent.Inputs).PrevOut.Hash}:{Assert.Single(sent.Inputs).PrevOut.N}");
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000 });
    }

    [SkippableFact]
    public async Task A_coin_that_somebody_else_spends_with_the_key_leaves_the_funds_reserved_and_raises_an_alarm()
    {
        var (world, transfer) = await FundedAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        await sender.WorkAsync(world.Wallet, default);
        var coins = await world.Database.ReadAsync(session => session.ReservedCoinsAsync(transfer.Id));
        var change = (await world.Database.ReadAsync(session => session.ChangeAddressAsync(world.Wallet.Id, transfer.Id)))!;
        var account = new BitcoinAccount(BitcoinWorld.Account(world.Seed), world.Script, NBitcoin.Network.RegTest);
        var theft = transfer with { Destination = BitcoinWorld.Destination(world.Seed, 9), Amount = 900_000 };
        var psbt = BitcoinTransactions.Build(world.Wallet, Networks.Development, [theft], new BitcoinPlan(coins, 100_000, 0), change).ToBase64();
        await chain.MineTransactionAsync(account.Sign(account.Read(psbt, [(theft.Destination, theft.Amount)])).Raw);

        await sender.WorkAsync(world.Wallet, default);
        await chain.MineAsync(6);
        await sender.WorkAsync(world.Wallet, default);

        Assert.Contains("which is not ours: someone else has the key", world.Log, StringComparison.Ordinal);
        Assert.Equal(TransferState.Broadcast, (await world.TransferAsync(transfer.Id)).State);
        Assert.Equal(transfer.Amount + transfer.MaxFee, await world.BalanceAsync(Account.Reserved(world.Wallet.Id)));
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

    [Fact]
    public void A_plan_never_costs_more_than_the_transfer_may()
    {
        var coin = new Coin { Outpoint = "a:0", Wallet = "w", Amount = 1_000_000 };
        // 142 virtual bytes with change, 111 without.
        Assert.Equal(14_200, BitcoinPlan.Of([coin], 500_000, 100_000, 14_200, ScriptKind.Bip84, 22, 22)!.Fee);
        Assert.Null(BitcoinPlan.Of([coin], 500_000, 100_000, 14_199, ScriptKind.Bip84, 22, 22));
        // The rest is too little for change: the miner would get it.
        Assert.Equal(600, BitcoinPlan.Of([coin], 999_400, 1000, 600, ScriptKind.Bip84, 22, 22)!.Fee);
        Assert.Null(BitcoinPlan.Of([coin], 999_400, 1000, 599, ScriptKind.Bip84, 22, 22));
        var cancellation = BitcoinPlan.Cancel([coin], 100_000, 100_000, ScriptKind.Bip84, 22, 14_200)!;
        Assert.Null(BitcoinPlan.Cancel([coin], 100_000, cancellation.Fee - 1, ScriptKind.Bip84, 22, 14_200));
    }

    /// <summary>With one final coin of a million, and an approved transfer of 300,000 of it.</summary>
    private async Task<(BitcoinWorld World, Transfer Transfer)> FundedAsync()
    {
        var world = await StartAsync();
        await world.FundAsync(1, 1_000_000);
        await chain.MineAsync(5);
        await world.NewSender(null).WorkAsync(world.Wallet, default);
        return (world, await world.AddAsync(1, 300_000));
    }

    private async Task<BitcoinWorld> StartAsync() => Keep(await BitcoinWorld.StartAsync(chain, await OpenAsync(), Scratch.Path));

    private sealed class Dies(string at) : IFaultPoints
    {
        public void Reach(string point)
        {
            if (point == at)
                throw new TimeoutException("the process ended here");
        }
    }

    /// <summary>Takes a unit of the change after it has signed, or gives no signature at all.</summary>
    private sealed class LyingSigner(ISigner signer, bool isSignatureAlone) : ISigner
    {
        public Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken) => signer.SignAsync(order, cancellationToken);

        public Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken) => throw new NotSupportedException("this wallet is on Bitcoin");

        public async Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken)
        {
            var transaction = NBitcoin.Transaction.Parse((await signer.SignAsync(order, cancellationToken)).Raw, NBitcoin.Network.RegTest);
            if (isSignatureAlone)
                transaction.Inputs[0].WitScript = new NBitcoin.WitScript(NBitcoin.Op.GetPushOp(new byte[71]), NBitcoin.Op.GetPushOp(new byte[33]));
            else
                transaction.Outputs[^1].Value -= NBitcoin.Money.Satoshis(1);
            return new SignedBytes(transaction.ToHex(), transaction.GetHash().ToString());
        }

        public Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken) => signer.ForswearAsync(order, cancellationToken);

        public void Dispose() => signer.Dispose();
    }
}
