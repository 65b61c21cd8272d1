using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using NBitcoin;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Reorganisations of one to ten blocks, one after the other: each takes a transfer out of the chain that was in it, and often earlier ones with it. All are paid once, with the bytes of the first time.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class ReorganisationTests(BitcoinRegtest bitcoin) : OwnStore
{
    private const int Deepest = 10;

    [SkippableFact]
    public async Task On_Ethereum_transfers_come_back_from_every_depth()
    {
        // A block is final when twelve are on top of it.
        var world = Keep(await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(epoch: 6), await OpenAsync(), Scratch.Path));
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var payments = new Dictionary<int, BigInteger>();
        for (var depth = 1; depth <= Deepest; depth++)
        {
            payments[depth] = 1000 + depth;
            var transfer = await world.AddAsync(depth, payments[depth]);
            await sender.WorkAsync(world.Wallet, default);
            await world.Chain.MineAsync(depth);
            await sender.WorkAsync(world.Wallet, default);
            var confirmed = await world.TransferAsync(transfer.Id);
            Assert.Equal((TransferState.Confirmed, depth), (confirmed.State, confirmed.Confirmations));
            await world.Chain.RollBackAsync(depth);
            await world.Chain.CallAsync("anvil_dropAllTransactions");
            await world.Chain.ForkAsync((byte)depth);
            await world.Chain.MineAsync(depth + 1);
            Assert.Equal(0, await world.BalanceAsync(EthereumWorld.Destination(depth)));
            await sender.WorkAsync(world.Wallet, default);
            Assert.Equal(TransferState.Broadcast, (await world.TransferAsync(transfer.Id)).State);
        }

        await world.FinishAsync(sender);
        foreach (var number in payments.Keys)
            Assert.Single(await world.AttemptsAsync($"trf_{number:d4}"));
        Assert.Equal(Deepest, await world.SentAsync());
        await world.AssertPaidOnceAsync(payments);
    }

    [SkippableFact]
    public async Task On_Bitcoin_transfers_come_back_from_every_depth()
    {
        var world = Keep(await BitcoinWorld.StartAsync(bitcoin, await OpenAsync(), Scratch.Path));
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer, rules: new DepositRules { Finality = ImmutableDictionary<string, FinalityRule>.Empty.Add("bitcoin", FinalityRule.Of(Deepest + 2)) });
        await world.FundAsync(Deepest, 1_000_000);
        await bitcoin.MineAsync(Deepest + 2);
        await sender.WorkAsync(world.Wallet, default);
        var payments = new Dictionary<int, BigInteger>();
        for (var depth = 1; depth <= Deepest; depth++)
        {
            payments[depth] = 300_000 + depth;
            var transfer = await world.AddAsync(depth, payments[depth]);
            await sender.WorkAsync(world.Wallet, default);
            await bitcoin.InPoolAsync(Transaction.Parse(Assert.Single(await world.AttemptsAsync(transfer.Id)).Raw, Network.RegTest));
            await bitcoin.MineAsync(depth);
            await sender.WorkAsync(world.Wallet, default);
            var confirmed = await world.TransferAsync(transfer.Id);
            Assert.Equal((TransferState.Confirmed, depth), (confirmed.State, confirmed.Confirmations));
            await bitcoin.Chain.ReplaceAsync(depth);
            await sender.WorkAsync(world.Wallet, default);
            Assert.NotEqual(TransferState.Confirmed, (await world.TransferAsync(transfer.Id)).State);
        }

        await world.FinishAsync(sender);
        foreach (var number in payments.Keys)
            Assert.Single(await world.AttemptsAsync($"trf_{number:d4}"));
        await world.AssertPaidOnceAsync(payments);
    }
}
