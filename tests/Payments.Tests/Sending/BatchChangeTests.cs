using System.Numerics;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Services;
using NBitcoin;
using Transaction = NBitcoin.Transaction;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>A batch of which some are refused, cancelled or to be paid faster.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BatchChangeTests(BitcoinRegtest chain, PostgreSql postgreSql) : OwnBatch(chain, postgreSql)
{
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
        await Node.MineTransactionAsync(attempts[isCancelled ? 1 : 0].Raw);
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
        await Node.MineTransactionAsync(cancellation.Raw);
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
        await Node.MineTransactionAsync(attempts[^1].Raw);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 300_000, [2] = 300_001, [3] = 300_002 });
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
