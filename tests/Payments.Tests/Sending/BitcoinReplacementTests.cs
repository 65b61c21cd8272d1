using System.Numerics;
using HaCluster.Payments.Books;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Replacements, cancellations and kinds of wallets on Bitcoin. The memory pool of bcoin replaces nothing, so a miner that has the replacement is played by a block of the test; bcoin checks the block.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BitcoinReplacementTests(BitcoinRegtest chain) : OwnStore
{
    [SkippableFact]
    public async Task A_replacement_spends_the_same_coins_pays_the_same_and_costs_more()
    {
        var (world, signer, sender, transfer) = await SentAsync();
        using var disposed = signer;
        await world.AskAsync(transfer, ChangeRequest.Bump, 1);
        await sender.WorkAsync(world.Wallet, default);
        var (first, second) = await AttemptsAsync(world, transfer);
        Assert.Equal(first.Inputs.Select(input => input.PrevOut), second.Inputs.Select(input => input.PrevOut));
        var destination = BitcoinAddress.Create(transfer.Destination, Network.RegTest).ScriptPubKey;
        Assert.Equal(400_000, Assert.Single(second.Outputs, output => output.ScriptPubKey == destination).Value.Satoshi);
        var attempts = await world.AttemptsAsync(transfer.Id);
        // BIP-125: more than before, by what passing it on costs.
        Assert.True(attempts[1].MaxFee >= attempts[0].MaxFee + second.GetVirtualSize(), $"{attempts[1].MaxFee} replaces {attempts[0].MaxFee}");

        await chain.MineTransactionAsync(attempts[1].Raw);
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(transfer.Id);
        Assert.Equal((TransferState.Final, attempts[1].Txid, attempts[1].MaxFee), (ended.State, ended.Txid, ended.Fee));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 400_000 });
    }

    [SkippableTheory]
    [InlineData("0.0002", 20_000, 25_000)]
    [InlineData("0.00001", 1000, 1250)]
    public async Task A_replacement_costs_a_quarter_more_and_at_low_rates_what_passing_it_on_costs(string rate, int first, int second)
    {
        var world = await StartAsync(ScriptKind.Bip84);
        using var signer = world.OpenSigner();
        using var fees = new FixedRate(rate);
        var sender = world.NewSender(signer, network: fees);
        var transfer = await world.AddAsync(1, 400_000);
        await sender.WorkAsync(world.Wallet, default);
        await world.AskAsync(transfer, ChangeRequest.Bump, 1);
        await sender.WorkAsync(world.Wallet, default);

        var attempts = await world.AttemptsAsync(transfer.Id);
        Assert.Equal([first, second], attempts.Select(attempt => (int)attempt.FeeRate));
        Assert.True(attempts[1].MaxFee * 4 >= attempts[0].MaxFee * 5, $"{attempts[1].MaxFee} replaces {attempts[0].MaxFee}");
        // BIP-125, rule 4.
        Assert.True(attempts[1].MaxFee >= attempts[0].MaxFee + NBitcoin.Transaction.Parse(attempts[1].Raw, Network.RegTest).GetVirtualSize(), $"{attempts[1].MaxFee} replaces {attempts[0].MaxFee}");
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_payment_and_its_cancellation_the_chain_takes_one(bool isCancelled)
    {
        var (world, signer, sender, transfer) = await SentAsync();
        using var disposed = signer;
        await world.AskAsync(transfer, ChangeRequest.Cancel);
        await sender.WorkAsync(world.Wallet, default);
        await sender.WorkAsync(world.Wallet, default);
        var (payment, cancellation) = await AttemptsAsync(world, transfer);
        Assert.Equal(payment.Inputs.Select(input => input.PrevOut), cancellation.Inputs.Select(input => input.PrevOut));
        Assert.Single(cancellation.Outputs);
        if (isCancelled)
            await chain.MineTransactionAsync(cancellation.ToHex());
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(transfer.Id);
        Assert.Equal(isCancelled ? (TransferState.Replaced, "cancelled by operator") : (TransferState.Final, null), (ended.State, ended.Reason));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = isCancelled ? 0 : 400_000 });
        // What came back is spent by the next.
        await world.AddAsync(2, 300_000);
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = isCancelled ? 0 : 400_000, [2] = 300_000 });
    }

    [SkippableFact]
    public async Task A_reorganisation_that_puts_the_cancellation_in_the_place_of_the_payment_is_booked_as_it_ends()
    {
        var (world, signer, sender, transfer) = await SentAsync();
        using var disposed = signer;
        await world.AskAsync(transfer, ChangeRequest.Cancel);
        await sender.WorkAsync(world.Wallet, default);
        await chain.MineAsync();
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Confirmed, (await world.TransferAsync(transfer.Id)).State);
        var replaced = (await chain.Chain.CallAsync("getbestblockhash")).GetString()!;
        await chain.Chain.CallAsync("invalidateblock", replaced);
        await chain.MineTransactionAsync((await world.AttemptsAsync(transfer.Id))[1].Raw);
        await chain.MineAsync();
        await world.FinishAsync(sender);
        Assert.Equal(TransferState.Replaced, (await world.TransferAsync(transfer.Id)).State);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0 });
    }

    [SkippableFact]
    public async Task While_the_kill_switch_is_on_or_the_destination_is_removed_a_payment_that_waits_pays_no_more_and_a_cancellation_is_made()
    {
        var (world, signer, sender, transfer) = await SentAsync();
        using var disposed = signer;
        await world.AskAsync(transfer, ChangeRequest.Bump, 1);
        await world.Database.ChangeAsync(session => session.SetKillSwitchAsync(true, "drill", "test", DateTimeOffset.UtcNow));
        await sender.WorkAsync(world.Wallet, default);
        await world.Database.ChangeAsync(session => session.SetKillSwitchAsync(false, null, "test", DateTimeOffset.UtcNow));
        await world.Database.ChangeAsync(session => session.RemoveDestinationAsync(transfer.Wallet, transfer.Destination, "test", DateTimeOffset.UtcNow));
        await sender.WorkAsync(world.Wallet, default);
        Assert.Single(await world.AttemptsAsync(transfer.Id));
        await world.Database.ChangeAsync(session => session.SetKillSwitchAsync(true, "drill", "test", DateTimeOffset.UtcNow));
        await world.AskAsync(transfer, ChangeRequest.Cancel);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal([Attempt.Payment, Attempt.Cancellation], (await world.AttemptsAsync(transfer.Id)).Select(attempt => attempt.Purpose));
    }

    /// <summary>
    /// bcoin knows nothing of BIP-341: its memory pool takes no such transaction, and in a block anybody may spend these outputs. The blocks are the test's, and the signatures are checked by NBitcoin before they
    /// are stored.
    /// </summary>
    [SkippableTheory]
    [InlineData(ScriptKind.Bip49)]
    [InlineData(ScriptKind.Bip84)]
    [InlineData(ScriptKind.Bip86)]
    public async Task Wallets_of_every_kind_with_witnesses_pay_and_get_their_change(string script)
    {
        var world = await StartAsync(script);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        foreach (var (number, amount) in new[] { (1, 400_000), (2, 300_000) })
        {
            var transfer = await world.AddAsync(number, amount);
            await sender.WorkAsync(world.Wallet, default);
            await chain.MineTransactionAsync(Assert.Single(await world.AttemptsAsync(transfer.Id)).Raw);
            await world.FinishAsync(sender);
            Assert.Equal(TransferState.Final, (await world.TransferAsync(transfer.Id)).State);
        }

        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 400_000, [2] = 300_000 });
    }

    [SkippableFact]
    public async Task A_wallet_without_witnesses_is_refused_by_the_signer_and_keeps_its_coins()
    {
        var world = await StartAsync(ScriptKind.Bip44);
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 400_000);
        await sender.WorkAsync(world.Wallet, default);
        var ended = await world.TransferAsync(transfer.Id);
        Assert.Equal((TransferState.Failed, true), (ended.State, ended.Reason!.Contains("not-the-order", StringComparison.Ordinal)));
        Assert.Empty(await world.AttemptsAsync(transfer.Id));
        Assert.Equal((1_000_000, 0), (await world.BalanceAsync(Account.Available(world.Wallet.Id)), await world.BalanceAsync(Account.Reserved(world.Wallet.Id))));
        Assert.Single(await world.Database.ReadAsync(session => HaCluster.Payments.Scanning.CoinStore.SpendableCoinsAsync(session, world.Wallet.Id)));
    }

    private async Task<BitcoinWorld> StartAsync(string script)
    {
        var world = Keep(await BitcoinWorld.StartAsync(chain, await OpenAsync(), Scratch.Path, script));
        await world.FundAsync(1, 1_000_000);
        await chain.MineAsync(5);
        using var signer = world.OpenSigner();
        await world.NewSender(signer).WorkAsync(world.Wallet, default);
        return world;
    }

    /// <summary>A transfer whose transaction waits in the memory pool.</summary>
    private async Task<(BitcoinWorld World, IDisposable Signer, IChainSender Sender, Transfer Transfer)> SentAsync()
    {
        var world = await StartAsync(ScriptKind.Bip84);
        var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 400_000);
        await sender.WorkAsync(world.Wallet, default);
        await Waiting.UntilAsync("the node has it", async () => (await chain.Chain.CallAsync("getrawmempool")).GetArrayLength() > 0, () => world.Log);
        return (world, signer, sender, transfer);
    }

    private static async Task<(NBitcoin.Transaction First, NBitcoin.Transaction Second)> AttemptsAsync(BitcoinWorld world, Transfer transfer)
    {
        var attempts = await world.AttemptsAsync(transfer.Id);
        Assert.Equal(2, attempts.Count);
        return (NBitcoin.Transaction.Parse(attempts[0].Raw, Network.RegTest), NBitcoin.Transaction.Parse(attempts[1].Raw, Network.RegTest));
    }

    /// <summary>A node that asks for one rate, in bitcoin per 1000 virtual bytes.</summary>
    private sealed class FixedRate(string rate) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("\"estimatefee\"", StringComparison.Ordinal)
                ? new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent($$"""{"result": {{rate}}, "error": null, "id": 1}""") }
                : await base.SendAsync(request, cancellationToken);
    }
}
