using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sending;

/// <summary>
/// Transfers on Ethereum. Each has one nonce for good, so that of all transactions ever signed for it the chain takes one; and bytes are sent only after they are stored, so that after any interruption the
/// same bytes are sent again.
/// </summary>
internal sealed class EthereumSender(SenderContext context, EthereumNode node) : IChainSender
{
    private const string Actor = "sender";

    private readonly FairSelection _selection = new(context.Options.PerRound);
    private readonly EthereumSigning _signing = new(context, node);

    public string Chain => Asset.Ethereum;

    public async Task WorkAsync(Wallet wallet, CancellationToken cancellationToken)
    {
        await node.RequireChainAsync(context.Networks.EthereumChainId, cancellationToken);
        var finalized = await node.FinalizedAsync(cancellationToken);
        // The watcher takes what the sender has into the books first.
        if (wallet.OpenedBlock is null)
            return;
        var head = await node.HeadAsync(cancellationToken);
        var (transfers, open) = await context.Database.ReadAsync(async session => (await _selection.NextAsync(session, wallet.Id), await session.CountOpenAsync(wallet.Id)), cancellationToken);
        context.Show(wallet.Id, open);
        // While the signer is away those that are signed go on.
        foreach (var transfer in transfers.OrderBy(transfer => transfer.State == TransferState.Approved))
        {
            var current = transfer.State == TransferState.Approved ? await SignAsync(wallet, transfer, cancellationToken) : transfer;
            if (current is not null)
                await FollowAsync(wallet, current, head, finalized, cancellationToken);
        }
    }

    /// <summary>Signs a transfer that is approved, and stores the bytes.</summary>
    /// <returns>The transfer; null: it waits.</returns>
    private async Task<Transfer?> SignAsync(Wallet wallet, Transfer transfer, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.TransferChosen);
        var (requests, exports) = await context.Database.ReadAsync(async session => (await session.RequestsAsync(transfer.Id), await session.ExportsAsync(transfer.Id)), cancellationToken);
        if (exports is [.., var exported])
        {
            await ReplaceIfAskedAsync(wallet, transfer, EthereumSigning.Newest.Of(exported), requests, cancellationToken);
            return null;
        }

        return await _signing.SignAsync(wallet, transfer, requests, cancellationToken);
    }

    /// <summary>Looks for the transactions of a transfer, and does what follows.</summary>
    private async Task FollowAsync(Wallet wallet, Transfer transfer, BlockReference head, BlockReference? finalized, CancellationToken cancellationToken)
    {
        var (attempts, requests, exports) = await context.Database.ReadAsync(
            async session => (await session.AttemptsAsync(transfer.Id), await session.RequestsAsync(transfer.Id), await session.ExportsAsync(transfer.Id)), cancellationToken);
        foreach (var attempt in attempts)
        {
            if (await node.ReceiptAsync(attempt.Txid, cancellationToken) is { } receipt && await node.BlockAsync(receipt.Block.Number, cancellationToken) == receipt.Block)
            {
                await FoundAsync(transfer, attempt, requests, receipt, head, finalized, cancellationToken);
                return;
            }
        }

        transfer = await OrphanAsync(transfer, cancellationToken);
        var newest = attempts[^1];
        if (await ReplaceIfAskedAsync(wallet, transfer, exports is [.., var exported] ? EthereumSigning.Newest.Of(exported) : EthereumSigning.Newest.Of(newest), requests, cancellationToken))
            return;
        if (!await node.KnowsAsync(newest.Txid, cancellationToken))
            await SendAsync(wallet, transfer, newest, cancellationToken);
        else if (TransferMachine.Next(transfer.State, TransferEvent.See) is not null)
            await SeeAsync(transfer, newest, cancellationToken);
        else
            await ReplaceLateAsync(wallet, transfer, newest, cancellationToken);
    }

    /// <summary>Notes that the block of a transfer is no longer part of the chain, where it had one.</summary>
    private async Task<Transfer> OrphanAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        if (transfer.State != TransferState.Confirmed)
            return transfer;
        context.Metrics.Alarm(transfer.Id, $"block {transfer.Block} is no longer part of the chain; the same transaction is sent again");
        return await MoveAsync(transfer, TransferEvent.Orphan, moved => moved with { Block = null, Txid = null, Confirmations = 0 }, cancellationToken) ?? transfer;
    }

    private async Task FoundAsync(Transfer transfer, Attempt attempt, ChangeRequests requests, EthereumReceipt receipt, BlockReference head, BlockReference? finalized, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.BlockFound);
        var confirmations = Math.Max(1, head.Number - receipt.Block.Number + 1);
        var isPayment = attempt.Purpose != Attempt.Cancellation;
        // A cancellation confirms nothing: the transfer is open until it is certain that it is not paid. A reorganisation may have put it into the payment's place.
        if (!isPayment)
            transfer = await OrphanAsync(transfer, cancellationToken);
        if (isPayment && (transfer.State, transfer.Confirmations, transfer.Block) != (TransferState.Confirmed, confirmations, receipt.Block.Hash))
        {
            if (await MoveAsync(transfer, TransferEvent.Confirm, moved => moved with { Txid = attempt.Txid, Block = receipt.Block.Hash, Confirmations = confirmations }, cancellationToken) is not { } confirmed)
                return;
            transfer = confirmed;
            context.Faults.Reach(FaultPoint.ConfirmedStored);
        }

        var needed = context.Finality.Needed(transfer.Asset, transfer.Amount);
        if (needed == FinalityRule.Finalized ? finalized is null || receipt.Block.Number > finalized.Number : confirmations < needed)
            return;
        context.Faults.Reach(FaultPoint.BeforeBooking);
        var (happened, reason) = !isPayment ? (TransferEvent.Replace, transfer.Reason ?? (requests.Cancellation is { } asked ? $"cancelled by {asked.RequestedBy}" : "cancelled"))
            : receipt.HasSucceeded ? (TransferEvent.Finalize, null)
            : (TransferEvent.Revert, "the chain executed the transaction without effect");
        await MoveAsync(transfer, happened, moved => moved with { Fee = receipt.Fee, Reason = reason, Txid = attempt.Txid, Block = receipt.Block.Hash }, cancellationToken);
        context.Faults.Reach(FaultPoint.AfterBooking);
    }

    private async Task SendAsync(Wallet wallet, Transfer transfer, Attempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Purpose != Attempt.Cancellation && await context.HoldsAsync(transfer.Id, [transfer], cancellationToken))
            return;
        context.Faults.Reach(FaultPoint.BeforeBroadcast);
        // Without an answer the node may have it: the next round looks, and sends the same bytes.
        var (outcome, reason) = await node.SendAsync(attempt.Raw, cancellationToken);
        context.Faults.Reach(FaultPoint.AfterBroadcast);
        context.Metrics.Broadcast(Chain, outcome.ToString().ToLowerInvariant());
        switch (outcome)
        {
            case Broadcast.Taken or Broadcast.Known:
                var now = context.Clock.GetUtcNow();
                var moved = await context.Database.ChangeAsync(
                    async session =>
                    {
                        await session.MarkBroadcastAsync(attempt.Txid, now);
                        return await session.MoveAsync(transfer, TransferEvent.Broadcast, Actor, now);
                    },
                    cancellationToken);
                context.LogMove(moved, transfer);
                context.Faults.Reach(FaultPoint.BroadcastStored);
                break;
            case Broadcast.NonceUsed:
                await ForeignAsync(wallet, transfer, cancellationToken);
                break;
            default:
                context.Metrics.Held(transfer.Id, $"the node rejects the transaction: {reason}");
                // Some nodes drop what offers less than the base fee, and then refuse it: it waits as one does that they keep.
                await ReplaceLateAsync(wallet, transfer, attempt, cancellationToken);
                break;
        }
    }

    /// <summary>
    /// A transaction with the nonce is in a block. If it is not one of ours, somebody else signs with the key. The funds stay reserved: nobody but a person can say what it was, and a node that
    /// has only lost its index says the same.
    /// </summary>
    private async Task ForeignAsync(Wallet wallet, Transfer transfer, CancellationToken cancellationToken)
    {
        var nonce = await context.Database.ReadAsync(session => session.NonceAsync(transfer.Id), cancellationToken);
        if (nonce < await node.NonceAsync(wallet.Sender!, "finalized", cancellationToken))
            context.Metrics.Alarm(transfer.Id, $"nonce {nonce} of {wallet.Sender} is used by a transaction that is not ours, or the node has no index of transactions: stop the wallet and look into it");
    }

    private async Task SeeAsync(Transfer transfer, Attempt attempt, CancellationToken cancellationToken)
    {
        var now = context.Clock.GetUtcNow();
        var moved = await context.Database.ChangeAsync(
            async session =>
            {
                await session.MarkBroadcastAsync(attempt.Txid, now);
                return await session.MoveAsync(transfer, TransferEvent.See, Actor, now);
            },
            cancellationToken);
        context.LogMove(moved, transfer);
    }

    /// <summary>The same nonce with both fees raised, when a transaction has waited for too long. A cold key is not asked for it unless a person does.</summary>
    private async Task ReplaceLateAsync(Wallet wallet, Transfer transfer, Attempt newest, CancellationToken cancellationToken)
    {
        if (wallet.IsCold || context.Clock.GetUtcNow().ToUnixTimeMilliseconds() - (newest.BroadcastAt ?? newest.CreatedAt) < context.Options.BumpAfter.TotalMilliseconds)
            return;
        if (await context.Database.ReadAsync(session => session.NonceAsync(transfer.Id), cancellationToken) is not { } nonce
            || nonce > await node.NonceAsync(wallet.Sender!, "latest", cancellationToken))
            return; // It waits for one before it, which no fee of its own changes.
        await ReplaceAsync(wallet, transfer, EthereumSigning.Newest.Of(newest), newest.Purpose, cancellationToken);
    }

    /// <summary>Replaces the newest transaction when somebody asked for it: by its cancellation, or by the same with both fees raised.</summary>
    /// <returns>True: it was replaced.</returns>
    private async Task<bool> ReplaceIfAskedAsync(Wallet wallet, Transfer transfer, EthereumSigning.Newest newest, ChangeRequests requests, CancellationToken cancellationToken) =>
        requests.AskToReplace(newest.Number, newest.Purpose) && await ReplaceAsync(wallet, transfer, newest, requests.PurposeAfter(newest.Purpose), cancellationToken);

    /// <returns>False: it may not cost so much, the signer refuses, or it waits for a cold key.</returns>
    private async Task<bool> ReplaceAsync(Wallet wallet, Transfer transfer, EthereumSigning.Newest newest, string purpose, CancellationToken cancellationToken)
    {
        if (!await _signing.ReplaceAsync(wallet, transfer, newest, purpose, cancellationToken))
            return false;
        await SendAsync(wallet, transfer, (await context.Database.ReadAsync(session => session.AttemptsAsync(transfer.Id), cancellationToken))[^1], cancellationToken);
        return true;
    }

    private async Task<Transfer?> MoveAsync(Transfer transfer, TransferEvent happened, Func<Transfer, Transfer> change, CancellationToken cancellationToken)
    {
        var moved = await context.Database.ChangeAsync(session => session.MoveAsync(transfer, happened, Actor, context.Clock.GetUtcNow(), change), cancellationToken);
        context.LogMove(moved, transfer);
        return moved;
    }
}
