using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using Nethereum.Model;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Cancellations and larger fees that somebody asks for, on Ethereum: of all transactions of a transfer the chain takes one.</summary>
public sealed class ReplacementTests : OwnStore
{
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private EthereumWorld _world = null!;

    public override async Task InitializeAsync() => _world = Keep(await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), await OpenAsync(), Scratch.Path, _clock));

    [SkippableFact]
    public async Task A_cancellation_takes_the_nonce_of_the_payment_and_nobody_is_paid()
    {
        using var signer = _world.OpenSigner();
        var sender = _world.NewSender(signer);
        var (cancelled, other) = (await _world.AddAsync(1, 1000), await _world.AddAsync(2, 2000));
        await sender.WorkAsync(_world.Wallet, default);
        await _world.AskAsync(cancelled, ChangeRequest.Cancel);
        await _world.AskAsync(cancelled, ChangeRequest.Cancel);
        await sender.WorkAsync(_world.Wallet, default);
        await sender.WorkAsync(_world.Wallet, default);
        var attempts = await _world.AttemptsAsync(cancelled.Id);
        Assert.Equal([Attempt.Payment, Attempt.Cancellation], attempts.Select(attempt => attempt.Purpose));
        var (payment, cancellation) = (Decode(attempts[0]), Decode(attempts[1]));
        Assert.Equal(payment.Nonce, cancellation.Nonce);
        Assert.Equal((EthereumWorld.Sender.ToLowerInvariant(), true, 21_000), (cancellation.ReceiverAddress.ToLowerInvariant(), cancellation.Amount is null || cancellation.Amount.Value.IsZero, cancellation.GasLimit));
        Assert.True(cancellation.MaxFeePerGas * 10 >= payment.MaxFeePerGas * 11 && cancellation.MaxPriorityFeePerGas * 10 >= payment.MaxPriorityFeePerGas * 11);

        await _world.FinishAsync(sender);
        var ended = await _world.TransferAsync(cancelled.Id);
        Assert.Equal((TransferState.Replaced, attempts[1].Txid, "cancelled by operator"), (ended.State, ended.Txid, ended.Reason));
        Assert.Equal(TransferState.Final, (await _world.TransferAsync(other.Id)).State);
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 2000 });
    }

    [SkippableFact]
    public async Task A_cancellation_that_comes_after_the_block_changes_nothing()
    {
        using var signer = _world.OpenSigner();
        var sender = _world.NewSender(signer);
        var transfer = await _world.AddAsync(1, 1000);
        await sender.WorkAsync(_world.Wallet, default);
        await _world.Chain.MineAsync();
        await _world.AskAsync(transfer, ChangeRequest.Cancel);
        await _world.FinishAsync(sender);
        Assert.Equal(TransferState.Final, (await _world.TransferAsync(transfer.Id)).State);
        Assert.Single(await _world.AttemptsAsync(transfer.Id));
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task A_reorganisation_that_puts_the_cancellation_in_the_place_of_the_payment_is_booked_as_it_ends()
    {
        using var signer = _world.OpenSigner();
        using var lossy = new BlockedSends();
        var sender = _world.NewSender(signer, handler: lossy);
        var transfer = await _world.AddAsync(1, 1000);
        await sender.WorkAsync(_world.Wallet, default);
        await _world.AskAsync(transfer, ChangeRequest.Cancel);
        lossy.IsBlocked = true;
        await Assert.ThrowsAsync<NodeUnreachableException>(() => sender.WorkAsync(_world.Wallet, default));
        await _world.Chain.MineAsync();
        await sender.WorkAsync(_world.Wallet, default);
        Assert.Equal(TransferState.Confirmed, (await _world.TransferAsync(transfer.Id)).State);

        await _world.Chain.RollBackAsync(1);
        await _world.Chain.CallAsync("anvil_dropAllTransactions");
        await _world.Chain.CallAsync("eth_sendRawTransaction", (await _world.AttemptsAsync(transfer.Id))[1].Raw);
        // In a block before the sender looks again.
        await _world.Chain.MineAsync();
        await _world.FinishAsync(sender);
        Assert.Equal(TransferState.Replaced, (await _world.TransferAsync(transfer.Id)).State);
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0 });
    }

    [SkippableFact]
    public async Task A_transfer_whose_nonce_is_taken_and_that_is_not_signed_is_cancelled_with_it()
    {
        using var signer = _world.OpenSigner();
        var sender = _world.NewSender(signer);
        var (cancelled, other) = (await _world.AddAsync(1, 1000), await _world.AddAsync(2, 2000));
        await _world.Database.ChangeAsync(session => session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values ('ethereum', @Sender, 0, @Id)", new { EthereumWorld.Sender, cancelled.Id }));
        await _world.AskAsync(cancelled, ChangeRequest.Cancel);
        await _world.FinishAsync(sender);
        Assert.Equal(Attempt.Cancellation, Assert.Single(await _world.AttemptsAsync(cancelled.Id)).Purpose);
        Assert.Equal((TransferState.Replaced, TransferState.Final), ((await _world.TransferAsync(cancelled.Id)).State, (await _world.TransferAsync(other.Id)).State));
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 0, [2] = 2000 });
    }

    [SkippableFact]
    public async Task A_larger_fee_that_is_asked_for_comes_at_once_and_once()
    {
        using var signer = _world.OpenSigner();
        var sender = _world.NewSender(signer);
        var transfer = await _world.AddAsync(1, 1000);
        await sender.WorkAsync(_world.Wallet, default);
        await _world.AskAsync(transfer, ChangeRequest.Bump, 1);
        await _world.AskAsync(transfer, ChangeRequest.Bump, 1);
        for (var round = 0; round < 3; round++)
            await sender.WorkAsync(_world.Wallet, default);
        var attempts = await _world.AttemptsAsync(transfer.Id);
        Assert.Equal([Attempt.Payment, Attempt.Payment], attempts.Select(attempt => attempt.Purpose));
        Assert.True(Decode(attempts[1]).MaxFeePerGas * 10 >= Decode(attempts[0]).MaxFeePerGas * 11);
        await _world.FinishAsync(sender);
        Assert.Equal(attempts[1].Txid, (await _world.TransferAsync(transfer.Id)).Txid);
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task Of_transactions_that_wait_one_behind_the_other_only_the_first_is_replaced()
    {
        using var signer = _world.OpenSigner();
        var sender = _world.NewSender(signer);
        var (first, second) = (await _world.AddAsync(1, 1000), await _world.AddAsync(2, 2000));
        await sender.WorkAsync(_world.Wallet, default);
        await _world.Chain.CallAsync("anvil_setNextBlockBaseFeePerGas", EthereumNode.Hex(BigInteger.Pow(10, 11)));
        await _world.Chain.MineAsync();
        await sender.WorkAsync(_world.Wallet, default);
        _clock.Advance(new SenderOptions().BumpAfter);
        await sender.WorkAsync(_world.Wallet, default);
        Assert.Equal((2, 1), ((await _world.AttemptsAsync(first.Id)).Count, (await _world.AttemptsAsync(second.Id)).Count));
        await _world.Chain.MineAsync();
        await sender.WorkAsync(_world.Wallet, default);
        Assert.Equal(2, (await _world.AttemptsAsync(second.Id)).Count);
        await _world.FinishAsync(sender);
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000, [2] = 2000 });
    }

    [SkippableFact]
    public async Task What_may_cost_no_more_is_not_replaced_and_is_paid()
    {
        using var signer = _world.OpenSigner();
        var sender = _world.NewSender(signer);
        using var client = new NodeClient(_world.Chain.Url);
        var (baseFee, tip) = await new EthereumNode(client).FeesAsync(default);
        var transfer = await _world.AddAsync(1, 1000, maxFee: ((2 * baseFee) + tip) * 21_000);
        await sender.WorkAsync(_world.Wallet, default);
        await _world.AskAsync(transfer, ChangeRequest.Cancel);
        await _world.FinishAsync(sender);
        Assert.Contains("too little to replace its transaction", _world.Log, StringComparison.Ordinal);
        Assert.Single(await _world.AttemptsAsync(transfer.Id));
        await _world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    private static Transaction1559 Decode(Attempt attempt) => (Transaction1559)TransactionFactory.CreateTransaction(attempt.Raw);

    /// <summary>A network that lets nothing be sent while it is told so.</summary>
    private sealed class BlockedSends() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool IsBlocked { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsBlocked && (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("eth_sendRawTransaction", StringComparison.Ordinal)
                ? throw new HttpRequestException("the connection was reset")
                : await base.SendAsync(request, cancellationToken);
    }
}
