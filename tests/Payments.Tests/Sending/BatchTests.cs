using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;
using Coin = HaCluster.Payments.Scanning.Coin;
using Transaction = NBitcoin.Transaction;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Several transfers that one transaction of Bitcoin pays.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BatchTests(BitcoinRegtest chain, PostgreSql postgreSql) : IClassFixture<PostgreSql>, IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private Database? _database;
    private BitcoinWorld? _world;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task Transfers_wait_for_each_other_and_are_paid_by_one_transaction(StoreKind kind)
    {
        var world = await StartAsync(kind);
        await world.BatchAsync(most: 3, waitSeconds: 3600);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        // Two of them pay the same amount to the same place.
        var (first, second) = (await world.AddAsync(1, 300_000), await world.AddAsync(2, 400_000));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Approved, TransferState.Approved), (await world.StateAsync(first), await world.StateAsync(second)));
        var (third, fourth) = (await world.AddAsync(1, 300_000, id: "trf_0003"), await world.AddAsync(4, 10_000));
        await sender.WorkAsync(world.Wallet, default);
        // What is one too many waits for others again.
        Assert.Equal(TransferState.Approved, await world.StateAsync(fourth));

        var attempts = await AttemptsAsync(world, first, second, third);
        Assert.Single(attempts.Select(attempt => attempt.Raw).Distinct());
        var transaction = Transaction.Parse(attempts[0].Raw, Network.RegTest);
        Assert.Equal([300_000, 400_000, 300_000], transaction.Outputs.Take(3).Select(output => output.Value.Satoshi));
        // The fee is shared to the satoshi.
        var fee = 2_000_000 - transaction.TotalOut.Satoshi;
        Assert.Equal(fee, attempts.Sum(attempt => (long)attempt.MaxFee));
        Assert.InRange((long)(attempts[0].MaxFee - attempts[2].MaxFee), 0, 1);
        await world.BatchAsync(most: 1);
        await world.FinishAsync(sender);
        Assert.All(await Task.WhenAll(new[] { first, second, third }.Select(transfer => world.TransferAsync(transfer.Id))), transfer => Assert.Equal((TransferState.Final, attempts[0].Txid), (transfer.State, transfer.Txid)));
        Assert.Equal(attempts.Select(attempt => (BigInteger?)attempt.MaxFee), [(await world.TransferAsync(first.Id)).Fee, (await world.TransferAsync(second.Id)).Fee, (await world.TransferAsync(third.Id)).Fee]);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 600_000, [2] = 400_000, [4] = 10_000 });
        Assert.Equal([first.Id, second.Id, third.Id], await world.Database.ReadAsync(session => session.BatchAsync(second.Id)));
    }

    [SkippableFact]
    public async Task What_does_not_fit_waits_and_holds_nothing_up()
    {
        var world = await StartAsync(StoreKind.Sqlite, coins: 3);
        await world.BatchAsync(most: 10);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var (large, first, second) = (await world.AddAsync(1, 1_950_000, maxFee: 10), await world.AddAsync(2, 300_000), await world.AddAsync(3, 400_000));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Approved, TransferState.Broadcast, TransferState.Broadcast), (await world.StateAsync(large), await world.StateAsync(first), await world.StateAsync(second)));
        Assert.Equal([first.Id, second.Id], await world.Database.ReadAsync(session => session.BatchAsync(second.Id)));
        // It is never together with another, and by itself it does not wait for more.
        await world.BatchAsync(most: 10, waitSeconds: 3600);
        var late = await world.AddAsync(4, 10_000);
        await chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Approved, await world.StateAsync(late));
        await world.BatchAsync(most: 10);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Broadcast, await world.StateAsync(late));
    }

    [SkippableTheory, OnBothStores]
    public async Task One_that_the_signer_refuses_fails_and_the_others_are_paid(StoreKind kind)
    {
        var world = await StartAsync(kind);
        await world.BatchAsync(most: 10);
        using var signer = world.OpenSigner([BitcoinWorld.Destination(world.Seed, 1), BitcoinWorld.Destination(world.Seed, 3)]);
        var sender = world.NewSender(signer);
        var (first, refused, third) = (await world.AddAsync(1, 300_000), await world.AddAsync(2, 400_000), await world.AddAsync(3, 350_000));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Broadcast, TransferState.Failed, TransferState.Broadcast), (await world.StateAsync(first), await world.StateAsync(refused), await world.StateAsync(third)));
        Assert.Contains("destination-not-allowed", (await world.TransferAsync(refused.Id)).Reason, StringComparison.Ordinal);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = 0, [3] = 350_000 });
    }

    [SkippableFact]
    public async Task If_all_are_refused_their_coins_are_free_for_others()
    {
        var world = await StartAsync(StoreKind.Sqlite, coins: 1);
        await world.BatchAsync(most: 10);
        using (var strict = world.OpenSigner([BitcoinWorld.Destination(world.Seed, 3)]))
        {
            var (first, second) = (await world.AddAsync(1, 300_000), await world.AddAsync(2, 400_000));
            await world.NewSender(strict).WorkAsync(world.Wallet, default);
            Assert.Equal((TransferState.Failed, TransferState.Failed), (await world.StateAsync(first), await world.StateAsync(second)));
        }

        using var signer = world.OpenSigner();
        await world.AddAsync(3, 500_000);
        await world.FinishAsync(world.NewSender(signer));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 0, [3] = 500_000 });
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_cancelled_ends_with_those_that_are_refused_and_the_coins_are_free(bool isForsworn)
    {
        var world = await StartAsync(StoreKind.Sqlite, coins: 1);
        await world.BatchAsync(most: 10);
        var (cancelled, refused) = (await world.AddAsync(1, 300_000), await world.AddAsync(2, 400_000));
        using (var signer = world.OpenSigner())
            await Assert.ThrowsAsync<IOException>(() => world.NewSender(signer, new EndAt(FaultPoint.InputsReserved)).WorkAsync(world.Wallet, default));
        using var strict = world.OpenSigner([]);
        // The process may end between the signer's word and what follows from it.
        if (isForsworn)
            await strict.ForswearAsync(new ForswornOrder("hot", cancelled.Id, [cancelled.Id, refused.Id]), default);
        await world.AskAsync(cancelled, ChangeRequest.Cancel);
        if (isForsworn)
            await world.AskAsync(refused, ChangeRequest.Cancel);
        await world.NewSender(strict).WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Cancelled, isForsworn ? TransferState.Cancelled : TransferState.Failed), (await world.StateAsync(cancelled), await world.StateAsync(refused)));
        using var again = world.OpenSigner();
        await world.AddAsync(3, 500_000);
        await world.FinishAsync(world.NewSender(again));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 0, [3] = 500_000 });
    }

    [SkippableFact]
    public async Task What_no_node_would_pass_on_is_not_begun()
    {
        var coins = Enumerable.Range(0, 2000).Select(number => new Coin { Outpoint = $"{number:x64}:0", Wallet = "wal_1", Position = number, Amount = 20_000 }).ToArray();
        Assert.NotNull(Select(1400));
        // 103,500 virtual bytes of inputs; whatever replaced it would be as large.
        Assert.Null(Select(1500));

        var world = await StartAsync(StoreKind.Sqlite, coins: 1);
        Assert.Equal("below-dust", Assert.IsType<Intake.Refused>(await AskAsync(545)).Verdict.Code);
        Assert.NotEqual("below-dust", (await AskAsync(546) as Intake.Refused)?.Verdict.Code);

        BitcoinPlan? Select(int needed) => BitcoinPlan.Select(coins, (needed * 20_000) - 1_000_000, 1000, 1_000_000, ScriptKind.Bip84, 22, 22);

        Task<Intake> AskAsync(int amount) =>
            world.Database.ChangeAsync(session => session.AskAsync(world.Wallet, new Asset(Asset.Bitcoin), BitcoinWorld.Destination(world.Seed, 1), amount, null, "test", DateTimeOffset.UtcNow));
    }

    [Fact]
    public void What_is_booked_of_one_stays_when_the_others_are_replaced()
    {
        // It is final after one block; the other is orphaned, and replaced at a larger fee.
        var batch = new Batch("trf_1", [Member("trf_1", TransferState.Final, 200, isCancelled: true), Member("trf_2", TransferState.Orphaned, null), Member("trf_3", TransferState.Replaced, 150, isCancelled: true)]);
        Assert.Equal(["trf_1", "trf_2"], batch.Paid.Select(transfer => transfer.Id));
        Assert.Equal(200 + 150 + 10_000, batch.MaxFee);
        Assert.Equal(new Dictionary<string, BigInteger> { ["trf_1"] = 200, ["trf_2"] = 650, ["trf_3"] = 150 }, batch.SharesOf(1000));

        static BatchMember Member(string id, TransferState state, BigInteger? fee, bool isCancelled = false) => new(
            new Transfer
            {
                Id = id,
                Wallet = "wal_1",
                Chain = "bitcoin",
                Asset = "bitcoin",
                FeeAsset = "bitcoin",
                Destination = "d",
                Amount = 1000,
                MaxFee = 10_000,
                State = state,
                Fee = fee,
                CreatedBy = "test",
            },
            new ChangeRequests(isCancelled ? [new ChangeRequest { Transfer = id, Kind = ChangeRequest.Cancel, RequestedBy = "test" }] : []),
            []);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_signed_before_the_signer_refuses_goes_back_to_the_wallet_by_a_cancellation(int transfers)
    {
        var world = await StartAsync(StoreKind.Sqlite, coins: 1);
        await world.BatchAsync(most: 10);
        for (var number = 1; number <= transfers; number++)
            await world.AddAsync(number, 300_000);
        using (var signer = world.OpenSigner())
            await Assert.ThrowsAsync<IOException>(() => world.NewSender(signer, new EndAt(FaultPoint.TransactionSigned)).WorkAsync(world.Wallet, default));
        using (var strict = world.OpenSigner([]))
            await world.FinishAsync(world.NewSender(strict));
        for (var number = 1; number <= transfers; number++)
            Assert.Equal((TransferState.Replaced, "cancelled by sender"), ((await world.TransferAsync($"trf_{number:d4}")).State, (await world.TransferAsync($"trf_{number:d4}")).Reason));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 0 });
        // The coin is the wallet's.
        using var again = world.OpenSigner();
        await world.AddAsync(3, 500_000);
        await world.FinishAsync(world.NewSender(again));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [3] = 500_000 });
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_one_is_left_out_of_a_replacement_and_the_chain_takes_one_of_the_two(bool isCancelled)
    {
        var (world, signer, sender, transfers) = await SentAsync();
        using var disposed = signer;
        await world.AskAsync(transfers[1], ChangeRequest.Cancel);
        await sender.WorkAsync(world.Wallet, default);
        var attempts = await world.AttemptsAsync(transfers[1].Id);
        Assert.Equal([Attempt.Payment, Attempt.Cancellation], attempts.Select(attempt => attempt.Purpose));
        Assert.Equal([Attempt.Payment, Attempt.Payment], (await world.AttemptsAsync(transfers[0].Id)).Select(attempt => attempt.Purpose));
        var (payment, replacement) = (Transaction.Parse(attempts[0].Raw, Network.RegTest), Transaction.Parse(attempts[1].Raw, Network.RegTest));
        Assert.Equal(payment.Inputs.Select(input => input.PrevOut), replacement.Inputs.Select(input => input.PrevOut));
        await chain.MineTransactionAsync(attempts[isCancelled ? 1 : 0].Raw);
        // Between the block and the end, books and chain are compared as well.
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((isCancelled ? TransferState.Broadcast : TransferState.Confirmed, TransferState.Confirmed), (await world.StateAsync(transfers[1]), await world.StateAsync(transfers[2])));
        Assert.Empty(await DifferencesAsync(world));
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(transfers[1].Id);
        Assert.Equal(isCancelled ? (TransferState.Replaced, "cancelled by operator") : (TransferState.Final, null), (ended.State, ended.Reason));
        Assert.Equal(attempts[isCancelled ? 1 : 0].MaxFee, ended.Fee);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = isCancelled ? 0 : 300_001, [3] = 300_002 });
        await sender.WorkAsync(world.Wallet, default);
        Assert.Empty(await DifferencesAsync(world));
    }

    [SkippableFact]
    public async Task When_all_are_cancelled_the_coins_go_back_to_the_wallet()
    {
        var (world, signer, sender, transfers) = await SentAsync();
        using var disposed = signer;
        foreach (var transfer in transfers)
            await world.AskAsync(transfer, ChangeRequest.Cancel);
        await sender.WorkAsync(world.Wallet, default);
        var cancellation = (await world.AttemptsAsync(transfers[0].Id))[^1];
        Assert.Single(Transaction.Parse(cancellation.Raw, Network.RegTest).Outputs);
        await chain.MineTransactionAsync(cancellation.Raw);
        await world.FinishAsync(sender);
        Assert.All(await Task.WhenAll(transfers.Select(world.StateAsync)), state => Assert.Equal(TransferState.Replaced, state));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 0, [3] = 0 });
    }

    [SkippableFact]
    public async Task A_larger_fee_that_one_asks_for_is_borne_by_all()
    {
        var (world, signer, sender, transfers) = await SentAsync();
        using var disposed = signer;
        await world.AskAsync(transfers[2], ChangeRequest.Bump, 1);
        await sender.WorkAsync(world.Wallet, default);
        var attempts = await AttemptsAsync(world, [.. transfers]);
        var newest = Transaction.Parse(attempts[^1].Raw, Network.RegTest);
        Assert.Equal([300_000, 300_001, 300_002], newest.Outputs.Take(3).Select(output => output.Value.Satoshi));
        Assert.Equal((1_000_000 * newest.Inputs.Count) - newest.TotalOut.Satoshi, attempts.Where(attempt => attempt.Number == 2).Sum(attempt => (long)attempt.MaxFee));
        await chain.MineTransactionAsync(attempts[^1].Raw);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = 300_001, [3] = 300_002 });
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task After_a_reorganisation_the_same_transaction_pays_all_of_them_once(int depth)
    {
        var (world, signer, sender, transfers) = await SentAsync();
        using var disposed = signer;
        await chain.MineAsync(depth);
        await sender.WorkAsync(world.Wallet, default);
        Assert.All(await Task.WhenAll(transfers.Select(world.StateAsync)), state => Assert.Equal(TransferState.Confirmed, state));
        await chain.Chain.ReplaceAsync(depth);
        await sender.WorkAsync(world.Wallet, default);
        Assert.DoesNotContain(TransferState.Confirmed, await Task.WhenAll(transfers.Select(world.StateAsync)));
        await world.FinishAsync(sender);
        Assert.Single((await AttemptsAsync(world, [.. transfers])).Select(attempt => attempt.Txid).Distinct());
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = 300_001, [3] = 300_002 });
    }

    [SkippableFact]
    public async Task Each_is_final_by_its_own_amount_and_what_is_not_yet_is_sent_again_after_a_reorganisation()
    {
        var rules = new DepositRules { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add("bitcoin", FinalityRule.Parse("1:300000,6", hasFinalized: false)) };
        var (world, signer, sender, transfers) = await SentAsync(rules);
        using var disposed = signer;
        await chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Final, TransferState.Confirmed), (await world.StateAsync(transfers[0]), await world.StateAsync(transfers[1])));
        await chain.Chain.ReplaceAsync(1);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = 300_001, [3] = 300_002 });
    }

    [SkippableTheory, OnBothStores]
    public async Task Two_senders_that_race_pay_everybody_once(StoreKind kind)
    {
        var world = await StartAsync(kind, coins: 4);
        await world.BatchAsync(most: 4);
        using var signer = world.OpenSigner();
        var replicas = new[] { world.NewSender(signer), world.NewSender(signer) };
        var payments = Enumerable.Range(1, 14).ToDictionary(number => number, number => (BigInteger)(50_000 + number));
        foreach (var (number, amount) in payments)
            await world.AddAsync(number, amount);
        for (var round = 0; (await world.Database.ReadAsync(session => session.OpenTransfersAsync(world.Wallet.Id, 100))).Count > 0; round++)
        {
            Assert.True(round < 100, world.Log);
            await Task.WhenAll(replicas.Select(async sender =>
            {
                try
                {
                    await sender.WorkAsync(world.Wallet, default);
                }
                catch (Exception exception) when (exception is DuplicateException or InvalidOperationException)
                {
                    // The other was first.
                }
            }));
            await chain.MineAsync();
        }

        await world.AssertPaidOnceAsync(payments);
    }

    private async Task<BitcoinWorld> StartAsync(StoreKind kind, int coins = 2)
    {
        _database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        _world = await BitcoinWorld.StartAsync(chain, _database, _scratch.Path);
        await _world.FundAsync(coins, 1_000_000);
        await chain.MineAsync(5);
        using var signer = _world.OpenSigner();
        await _world.NewSender(signer).WorkAsync(_world.Wallet, default);
        return _world;
    }

    /// <summary>A batch whose transaction waits in the memory pool.</summary>
    private async Task<(BitcoinWorld World, IDisposable Signer, IChainSender Sender, IReadOnlyList<Transfer> Transfers)> SentAsync(DepositRules? rules = null)
    {
        var world = await StartAsync(StoreKind.Sqlite);
        await world.BatchAsync(most: 3);
        var signer = world.OpenSigner();
        var sender = world.NewSender(signer, rules: rules);
        var transfers = new List<Transfer>();
        for (var number = 1; number <= 3; number++)
            transfers.Add(await world.AddAsync(number, 299_999 + number));
        await sender.WorkAsync(world.Wallet, default);
        await Waiting.UntilAsync("the node has it", async () => (await chain.Chain.CallAsync("getrawmempool")).GetArrayLength() > 0, () => world.Log);
        return (world, signer, sender, transfers);
    }

    private static async Task<IReadOnlyList<Attempt>> AttemptsAsync(BitcoinWorld world, params Transfer[] transfers)
    {
        var attempts = new List<Attempt>();
        foreach (var transfer in transfers)
            attempts.AddRange(await world.AttemptsAsync(transfer.Id));
        return attempts;
    }

    /// <summary>Of books and chain.</summary>
    private async Task<IReadOnlyList<ReconciliationResult>> DifferencesAsync(BitcoinWorld world)
    {
        using var client = new NodeClient(chain.Url);
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1");
        var reconciler = new Reconciler([new BitcoinBalances(world.Database, new BitcoinNode(client, Network.RegTest), Networks.Development)], world.Database, metrics, TimeProvider.System);
        var asked = await world.Database.ChangeAsync(session => session.RequestReconciliationAsync("bitcoin", "test", DateTimeOffset.UtcNow));
        foreach (var part in await reconciler.PartsAsync(default))
            await part.WorkAsync(default);
        var results = await world.Database.ReadAsync(session => session.ResultsAsync(asked.Id));
        Assert.NotEmpty(results);
        return [.. results.Where(result => !result.Difference.IsZero)];
    }

    /// <summary>The end of a process, as far as its store and its signer see it.</summary>
    private sealed class EndAt(string point) : IFaultPoints
    {
        public void Reach(string reached)
        {
            if (reached == point)
                throw new IOException("the process ends here");
        }
    }
}
