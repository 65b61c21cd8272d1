using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Nethereum.Model;

namespace HaCluster.Payments.Sending;

/// <summary>
/// Transfers on Ethereum. Each has one nonce for good, so that of all transactions ever signed for it the chain takes one; and bytes are sent only after they are stored, so that after any interruption the
/// same bytes are sent again.
/// </summary>
internal sealed class EthereumSender(SenderContext context, EthereumNode node) : IChainSender
{
    private const string Actor = "sender";

    /// <summary>Nodes take a replacement that pays a tenth more (geth's txpool.pricebump); an eighth is above every rounding.</summary>
    private const int RaiseNumerator = 9;

    private const int RaiseDenominator = 8;

    /// <summary>Of a payment without data to an account without code (https://ethereum.github.io/yellowpaper/paper.pdf, appendix G).</summary>
    private const long PlainGas = 21_000;

    /// <summary>In the orders of wallets whose key no signer has.</summary>
    private const string ColdKey = "cold";

    private static readonly BigInteger OneWei = 1;

    private readonly Turns _turns = new(context.Options.PerRound);

    public string Chain => Asset.Ethereum;

    public async Task WorkAsync(Wallet wallet, CancellationToken cancellationToken)
    {
        await node.RequireChainAsync(context.Networks.EthereumChainId, cancellationToken);
        var finalized = await node.FinalizedAsync(cancellationToken);
        // The watcher takes what the sender has into the books first.
        if (wallet.OpenedBlock is null)
            return;
        var head = await node.HeadAsync(cancellationToken);
        var (transfers, open) = await context.Database.ReadAsync(async session => (await _turns.NextAsync(session, wallet.Id), await session.CountOpenAsync(wallet.Id)), cancellationToken);
        context.Show(wallet.Id, open);
        foreach (var transfer in transfers)
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
            await ReplaceIfAskedAsync(wallet, transfer, Newest.Of(exported), requests, cancellationToken);
            return null;
        }

        var draft = await DraftAsync(wallet, transfer, requests.PurposeAfter(transfer.Kind == Transfer.Sweep ? Attempt.Sweep : Attempt.Payment), cancellationToken);
        var gas = await GasAsync(wallet, draft, cancellationToken);
        if (gas is null && transfer.Kind == Transfer.Sweep)
        {
            // An address can no longer be swept, or others have swept so much that more is to be done for the rest: the next round looks again. A nonce that is taken is used up by a cancellation.
            if (await AbandonAsync(wallet, transfer, cancellationToken))
                return null;
            (draft, gas) = (draft with { Purpose = Attempt.Cancellation }, PlainGas);
        }

        if (gas is null || await PriceAsync(transfer, gas.Value, null, cancellationToken) is not { } price)
            return null;
        if (await NonceAsync(wallet, transfer, cancellationToken) is not { } nonce)
            return null;
        context.Faults.Reach(FaultPoint.InputsReserved);
        var order = draft with { Nonce = nonce, GasLimit = gas.Value, MaxFeePerGas = Amount.Write(price.MaxFee), MaxPriorityFeePerGas = Amount.Write(price.Tip) };
        return await StoreAsync(wallet, transfer, order, 1, cancellationToken);
    }

    /// <summary>The order, but for what the chain says.</summary>
    private async Task<EthereumOrder> DraftAsync(Wallet wallet, Transfer transfer, string purpose, CancellationToken cancellationToken) => new(
        wallet.SigningKey ?? ColdKey, transfer.Id, purpose, transfer.Asset, transfer.Destination, Amount.Write(transfer.Amount), context.Networks.EthereumChainId, 0, PlainGas, "1", "1")
    {
        Forwarders = transfer.Kind == Transfer.Sweep ? await context.Database.ReadAsync(session => session.SweepForwardersAsync(transfer.Id), cancellationToken) : null,
    };

    /// <returns>Null: it would fail.</returns>
    private async Task<long?> GasAsync(Wallet wallet, EthereumOrder draft, CancellationToken cancellationToken)
    {
        if (draft.Purpose == Attempt.Cancellation)
            return PlainGas;
        try
        {
            var (receiver, value, data) = EthereumTransactions.Content(draft, wallet.Sender!);
            return GasLimit(await node.EstimateGasAsync(wallet.Sender!, receiver, value, data, cancellationToken));
        }
        catch (NodeRefusedException exception)
        {
            context.Metrics.Held(draft.Transfer, $"the node says that it would fail: {exception.Reason}");
            return null;
        }
    }

    /// <summary>Ends a sweep for which nothing of the chain was set aside.</summary>
    /// <returns>False: it has a nonce.</returns>
    private async Task<bool> AbandonAsync(Wallet wallet, Transfer transfer, CancellationToken cancellationToken)
    {
        var (isAbandoned, moved) = await context.Database.ChangeAsync(
            async session =>
            {
                await session.WalletAsync(wallet.Id, forUpdate: true);
                return await session.NonceAsync(transfer.Id) is not null ? (false, null)
                    : (true, await session.MoveAsync(transfer, TransferEvent.Refuse, Actor, context.Clock.GetUtcNow(), failed => failed with { Reason = "the node says that the sweep would fail" }));
            },
            cancellationToken);
        context.Tell(moved, transfer);
        return isAbandoned;
    }

    /// <summary>The nonce of a transfer, which is its own from now on.</summary>
    /// <returns>Null: it is not to be signed.</returns>
    private async Task<long?> NonceAsync(Wallet wallet, Transfer transfer, CancellationToken cancellationToken)
    {
        var used = await node.NonceAsync(wallet.Sender!, "latest", cancellationToken);
        return await context.Database.ChangeAsync<long?>(
            async session =>
            {
                await session.WalletAsync(wallet.Id, forUpdate: true);
                if (await session.TransferAsync(transfer.Id, forUpdate: true) is not { State: TransferState.Approved } || await session.IsStoppedAsync())
                    return null;
                if (await session.NonceAsync(transfer.Id) is { } taken)
                    return taken;
                var next = await session.GetAsync<long>("select coalesce(max(nonce) + 1, 0) from nonces where chain = @Ethereum and sender = @Sender", new { Asset.Ethereum, wallet.Sender });
                var nonce = Math.Max(next, used);
                await session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values (@Ethereum, @Sender, @nonce, @Id)", new { Asset.Ethereum, wallet.Sender, nonce, transfer.Id });
                return nonce;
            },
            cancellationToken);
    }

    /// <summary>What a transaction offers per gas, within what the transfer may cost.</summary>
    /// <param name="replaced">What the one that it replaces offers; null: it is the first.</param>
    /// <returns>Null: the transfer may not cost what the chain asks for.</returns>
    private async Task<(BigInteger MaxFee, BigInteger Tip)?> PriceAsync(Transfer transfer, long gas, (BigInteger MaxFee, BigInteger Tip)? replaced, CancellationToken cancellationToken)
    {
        var (baseFee, tip) = await node.FeesAsync(cancellationToken);
        tip = BigInteger.Max(tip, OneWei);
        // Twice the base fee holds for six full blocks, each of which raises it by an eighth.
        var maxFee = (2 * baseFee) + tip;
        var limit = transfer.MaxFee / gas;
        if (replaced is { } old)
        {
            tip = BigInteger.Max(tip, Raised(old.Tip));
            maxFee = BigInteger.Max(BigInteger.Max(maxFee, tip), Raised(old.MaxFee));
            if (maxFee > limit && Raised(old.MaxFee) <= limit)
                maxFee = limit;
        }
        else
        {
            maxFee = BigInteger.Min(maxFee, limit);
        }

        if (maxFee > limit || maxFee <= baseFee)
        {
            context.Metrics.Held(transfer.Id, $"the chain asks for {baseFee} wei per gas; the transfer may cost {transfer.MaxFee} wei, which is {limit} per gas{(replaced is null ? "" : ", too little to replace its transaction")}");
            return null;
        }

        return (maxFee, BigInteger.Min(tip, maxFee));
    }

    /// <summary>Has an order signed and stores the bytes; that of a cold key is stored as it is, and waits.</summary>
    /// <returns>The transfer; null: it waits.</returns>
    private async Task<Transfer?> StoreAsync(Wallet wallet, Transfer transfer, EthereumOrder order, long number, CancellationToken cancellationToken)
    {
        if (wallet.IsCold)
        {
            var export = new Export { Transfer = transfer.Id, Number = number, Purpose = order.Purpose, Content = EthereumTransactions.Write(order), FeeRate = Amount.Read(order.MaxFeePerGas), MaxFee = order.MostFee() };
            await context.Database.ChangeAsync(session => session.AddExportAsync(export, wallet.Id, context.Clock.GetUtcNow()), cancellationToken);
            return null;
        }

        string? reason = null;
        SignedBytes signed;
        try
        {
            signed = await context.Signer!.SignAsync(order, cancellationToken);
        }
        catch (SigningRefusedException exception) when (order.Purpose != Attempt.Cancellation && number == 1)
        {
            // Its nonce is taken: something has to use it, or no later transfer goes out.
            context.Metrics.Alarm(transfer.Id, $"the signer refuses: {exception.Code}: {exception.Message}");
            reason = $"refused by the signer: {exception.Code}: {exception.Message}";
            order = order with { Purpose = Attempt.Cancellation, GasLimit = PlainGas };
            try
            {
                signed = await context.Signer!.SignAsync(order, cancellationToken);
            }
            catch (SigningRefusedException again)
            {
                context.Metrics.Held(transfer.Id, $"the signer refuses the cancellation too: {again.Code}: {again.Message}");
                return null;
            }
        }
        catch (SigningRefusedException exception)
        {
            context.Metrics.Held(transfer.Id, $"the signer refuses: {exception.Code}: {exception.Message}");
            return null;
        }

        // The signer is another program on another trust: what it gives is looked at before it is kept.
        signed = EthereumTransactions.Check(order, wallet.Sender!, signed.Raw);
        context.Faults.Reach(FaultPoint.TransactionSigned);
        var now = context.Clock.GetUtcNow();
        var attempt = new Attempt
        {
            Transfer = transfer.Id,
            Number = number,
            Purpose = order.Purpose,
            Txid = signed.Txid,
            Raw = signed.Raw,
            FeeRate = Amount.Read(order.MaxFeePerGas),
            MaxFee = order.MostFee(),
        };
        var stored = await context.Database.ChangeAsync(
            async session =>
            {
                // Another replica that was first makes this a duplicate, and the whole transaction nothing.
                await session.AddAttemptAsync(attempt, now);
                return number > 1 ? transfer
                    : await session.MoveAsync(transfer, TransferEvent.Sign, Actor, now, moved => moved with { Reason = reason })
                    ?? throw new InvalidOperationException($"transfer {transfer.Id} was changed although its nonce was taken");
            },
            cancellationToken);
        context.Tell(stored, transfer);
        context.Faults.Reach(FaultPoint.BytesStored);
        return stored;
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
        if (await ReplaceIfAskedAsync(wallet, transfer, exports is [.., var exported] ? Newest.Of(exported) : Newest.Of(newest), requests, cancellationToken))
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
                context.Tell(moved, transfer);
                context.Faults.Reach(FaultPoint.BroadcastStored);
                break;
            case Broadcast.NonceUsed:
                await ForeignAsync(wallet, transfer, cancellationToken);
                break;
            default:
                context.Metrics.Held(transfer.Id, $"the node does not take the transaction: {reason}");
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
        context.Tell(moved, transfer);
    }

    /// <summary>The same nonce with both fees raised, when a transaction has waited for too long. A cold key is not asked for it unless a person does.</summary>
    private async Task ReplaceLateAsync(Wallet wallet, Transfer transfer, Attempt newest, CancellationToken cancellationToken)
    {
        if (wallet.IsCold || context.Clock.GetUtcNow().ToUnixTimeMilliseconds() - (newest.BroadcastAt ?? newest.CreatedAt) < context.Options.BumpAfter.TotalMilliseconds)
            return;
        if (await context.Database.ReadAsync(session => session.NonceAsync(transfer.Id), cancellationToken) is not { } nonce
            || nonce > await node.NonceAsync(wallet.Sender!, "latest", cancellationToken))
            return; // It waits for one before it, which no fee of its own changes.
        await ReplaceAsync(wallet, transfer, Newest.Of(newest), newest.Purpose, cancellationToken);
    }

    /// <summary>Replaces the newest transaction when somebody asked for it: by its cancellation, or by the same with both fees raised.</summary>
    /// <returns>True: it was replaced.</returns>
    private async Task<bool> ReplaceIfAskedAsync(Wallet wallet, Transfer transfer, Newest newest, ChangeRequests requests, CancellationToken cancellationToken) =>
        requests.AskToReplace(newest.Number, newest.Purpose) && await ReplaceAsync(wallet, transfer, newest, requests.PurposeAfter(newest.Purpose), cancellationToken) && !wallet.IsCold;

    /// <returns>False: it may not cost so much, or the signer refuses.</returns>
    private async Task<bool> ReplaceAsync(Wallet wallet, Transfer transfer, Newest newest, string purpose, CancellationToken cancellationToken)
    {
        var nonce = await context.Database.ReadAsync(session => session.NonceAsync(transfer.Id), cancellationToken)
            ?? throw new InvalidOperationException($"transfer {transfer.Id} has a transaction and no nonce");
        var gas = purpose == Attempt.Cancellation ? PlainGas : newest.Gas;
        if (await PriceAsync(transfer, gas, (newest.MaxFee, newest.Tip), cancellationToken) is not { } price)
            return false;
        var order = await DraftAsync(wallet, transfer, purpose, cancellationToken) with { Nonce = nonce, GasLimit = gas, MaxFeePerGas = Amount.Write(price.MaxFee), MaxPriorityFeePerGas = Amount.Write(price.Tip) };
        if (await StoreAsync(wallet, transfer, order, newest.Number + 1, cancellationToken) is null)
            return wallet.IsCold;
        await SendAsync(wallet, transfer, (await context.Database.ReadAsync(session => session.AttemptsAsync(transfer.Id), cancellationToken))[^1], cancellationToken);
        return true;
    }

    private async Task<Transfer?> MoveAsync(Transfer transfer, TransferEvent happened, Func<Transfer, Transfer> change, CancellationToken cancellationToken)
    {
        var moved = await context.Database.ChangeAsync(session => session.MoveAsync(transfer, happened, Actor, context.Clock.GetUtcNow(), change), cancellationToken);
        context.Tell(moved, transfer);
        return moved;
    }

    /// <summary>Contracts may need more in another block than in the one that was estimated; what is not used is not paid.</summary>
    internal static long GasLimit(long estimate) => estimate == PlainGas ? estimate : estimate + (estimate / 4);

    private static BigInteger Raised(BigInteger price) => ((price * RaiseNumerator) + RaiseDenominator - 1) / RaiseDenominator;

    /// <summary>What the next transaction of a transfer has to outbid.</summary>
    private sealed record Newest(long Number, string Purpose, long Gas, BigInteger MaxFee, BigInteger Tip)
    {
        public static Newest Of(Attempt attempt) => TransactionFactory.CreateTransaction(attempt.Raw) is Transaction1559 { GasLimit: { } gas, MaxFeePerGas: { } maxFee, MaxPriorityFeePerGas: { } tip }
            ? new Newest(attempt.Number, attempt.Purpose, (long)gas, maxFee, tip)
            : throw new InvalidOperationException($"attempt {attempt.Number} of transfer {attempt.Transfer} is not a transaction of EIP-1559");

        public static Newest Of(Export export)
        {
            var order = EthereumTransactions.Read(export.Content);
            return new Newest(export.Number, export.Purpose, order.GasLimit, Amount.Read(order.MaxFeePerGas), Amount.Read(order.MaxPriorityFeePerGas));
        }
    }
}
