using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>What the sender does while the chain asks for more than was offered, on a real node.</summary>
[Collection(StoreCollection.Name)]
public sealed class EthereumFeeTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task A_transaction_that_waits_for_too_long_is_replaced_with_both_fees_raised_and_one_is_paid()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        await using var world = await StartAsync(clock);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 1000);
        await sender.WorkAsync(world.Wallet, default);
        // The next block asks for more than it offers.
        await world.Chain.CallAsync("anvil_setNextBlockBaseFeePerGas", EthereumNode.Hex(BigInteger.Pow(10, 11)));
        await world.Chain.MineAsync();
        // The time counts from when a node took it, not from when it was last seen.
        clock.Advance(new SenderOptions().BumpAfter / 2);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Single(await world.AttemptsAsync(transfer.Id));

        clock.Advance(new SenderOptions().BumpAfter / 2);
        await sender.WorkAsync(world.Wallet, default);
        var attempts = await world.AttemptsAsync(transfer.Id);
        Assert.Equal(2, attempts.Count);
        var (old, raised) = (Decode(attempts[0]), Decode(attempts[1]));
        Assert.Equal((old.Nonce, old.ReceiverAddress, old.Amount), (raised.Nonce, raised.ReceiverAddress, raised.Amount));
        Assert.True(raised.MaxFeePerGas * 10 >= old.MaxFeePerGas * 11 && raised.MaxPriorityFeePerGas * 10 >= old.MaxPriorityFeePerGas * 11);
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(transfer.Id);
        Assert.Equal((TransferState.Final, attempts[1].Txid), (ended.State, ended.Txid));
        Assert.Equal(1, await world.SentAsync());
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task What_the_chain_asks_for_above_the_largest_fee_waits_and_takes_no_nonce()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var poor = await world.AddAsync(1, 1000, maxFee: 21_000);
        var other = await world.AddAsync(2, 1000);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal((TransferState.Approved, TransferState.Broadcast), ((await world.TransferAsync(poor.Id)).State, (await world.TransferAsync(other.Id)).State));
        Assert.Null(await world.Database.ReadAsync(session => session.NonceAsync(poor.Id)));
        Assert.Contains("the transfer may cost 21000 wei", world.Log, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Transfers_that_wait_for_lower_fees_hold_up_no_other_however_many_they_are(int perRound)
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer, options: new SenderOptions { PerRound = perRound });
        for (var number = 1; number <= 7; number++)
            await world.AddAsync(number, 1000, maxFee: 21_000);
        var (first, second) = (await world.AddAsync(8, 1000), await world.AddAsync(9, 1000));
        for (var round = 0; round < 40 && await world.SentAsync() < 2; round++)
        {
            await sender.WorkAsync(world.Wallet, default);
            await world.Chain.MineAsync();
        }

        Assert.Equal(2, await world.SentAsync());
        Assert.Equal((0, 1), (await NonceAsync(first), await NonceAsync(second)));
        Assert.Null(await NonceAsync(await world.TransferAsync("trf_0001")));

        Task<long?> NonceAsync(Transfer transfer) => world.Database.ReadAsync(session => session.NonceAsync(transfer.Id));
    }

    private static Nethereum.Model.Transaction1559 Decode(Attempt attempt) => (Nethereum.Model.Transaction1559)Nethereum.Model.TransactionFactory.CreateTransaction(attempt.Raw);

    private async Task<EthereumWorld> StartAsync(TimeProvider? clock = null) =>
        await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql), _scratch.Path, clock);
}
