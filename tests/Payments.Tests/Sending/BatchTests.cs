using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Coin = HaCluster.Payments.Wallets.Coin;
using Transaction = NBitcoin.Transaction;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Several transfers that one transaction of Bitcoin pays.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BatchTests(BitcoinRegtest chain, PostgreSql postgreSql) : OwnBatch(chain, postgreSql)
{
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
        await Node.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Approved, await world.StateAsync(late));
        await world.BatchAsync(most: 10);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Broadcast, await world.StateAsync(late));
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
    [InlineData(4)]
    public async Task After_a_reorganisation_the_same_transaction_pays_all_of_them_once(int depth)
    {
        var (world, signer, sender, transfers) = await SentAsync();
        using var disposed = signer;
        await Node.MineAsync(depth);
        await sender.WorkAsync(world.Wallet, default);
        Assert.All(await Task.WhenAll(transfers.Select(world.StateAsync)), state => Assert.Equal(TransferState.Confirmed, state));
        await Node.Chain.ReplaceAsync(depth);
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
        await Node.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Final, TransferState.Confirmed), (await world.StateAsync(transfers[0]), await world.StateAsync(transfers[1])));
        await Node.Chain.ReplaceAsync(1);
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
            await Node.MineAsync();
        }

        await world.AssertPaidOnceAsync(payments);
    }
}
