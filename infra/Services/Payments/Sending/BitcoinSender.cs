using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Coin = HaCluster.Payments.Scanning.Coin;

namespace HaCluster.Payments.Sending;

/// <summary>
/// Transfers on Bitcoin. The coins of a transfer are its own for good, and every transaction that is ever signed for it spends all of them, so that the chain takes one. What became of them says the watcher, which
/// reads every block; a node needs no index of transactions.
/// </summary>
internal sealed class BitcoinSender(SenderContext context, BitcoinNode node) : IChainSender
{
    private const string Actor = "sender";

    /// <summary>Satoshi per 1000 virtual bytes, where the node cannot say: five times what nodes pass on.</summary>
    internal const int UsualRate = 5000;

    /// <summary>A replacement pays for itself and the one that it replaces (https://github.com/bitcoin/bips/blob/master/bip-0125.mediawiki); a quarter and more.</summary>
    private const int RaiseNumerator = 5;

    private const int RaiseDenominator = 4;

    private readonly Turns _turns = new(context.Options.PerRound);

    public string Chain => Asset.Bitcoin;

    public async Task WorkAsync(Wallet wallet, CancellationToken cancellationToken)
    {
        var (transfers, open) = await context.Database.ReadAsync(async session => (await _turns.NextAsync(session, wallet.Id), await session.CountOpenAsync(wallet.Id)), cancellationToken);
        context.Show(wallet.Id, open);
        // Coins and confirmations are those of the blocks that the watcher has looked through: of another chain, or one that is behind, nothing is concluded.
        if (transfers.Count == 0 || await context.Database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin), cancellationToken) is not { } scanned || scanned != await node.HeadAsync(cancellationToken))
            return;
        foreach (var transfer in transfers)
        {
            var current = transfer.State == TransferState.Approved ? await SignAsync(wallet, transfer, cancellationToken) : transfer;
            if (current is not null && !TransferMachine.Ends.Contains(current.State))
                await FollowAsync(wallet, current, scanned, cancellationToken);
        }
    }

    private async Task<Transfer?> SignAsync(Wallet wallet, Transfer transfer, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.TransferChosen);
        var (requests, exports, coins) = await context.Database.ReadAsync(
            async session => (await session.RequestsAsync(transfer.Id), await session.ExportsAsync(transfer.Id), await session.ReservedCoinsAsync(transfer.Id)), cancellationToken);
        if (exports is [.., var exported])
        {
            await ReplaceIfAskedAsync(wallet, transfer, Newest.Of(exported), coins, requests, cancellationToken);
            return null;
        }

        var purpose = requests.PurposeAfter(Attempt.Payment);
        var rate = await node.FeeRateAsync(cancellationToken) ?? UsualRate;
        if (await ReserveAsync(wallet, transfer, purpose, rate, cancellationToken) is not var (plan, change))
        {
            context.Metrics.Held(transfer.Id, $"the wallet has no coins that are free and final for {transfer.Amount} satoshi and a fee of at most {transfer.MaxFee}, at {rate} per 1000 virtual bytes");
            return null;
        }

        context.Faults.Reach(FaultPoint.InputsReserved);
        return await StoreAsync(wallet, transfer, purpose, plan, change, rate, 1, cancellationToken);
    }

    /// <summary>Sets coins aside for a transfer, and an address for its change; what was set aside before stays.</summary>
    private Task<(BitcoinPlan Plan, WalletAddress Change)?> ReserveAsync(Wallet wallet, Transfer transfer, string purpose, BigInteger rate, CancellationToken cancellationToken) => context.Database.ChangeAsync<(BitcoinPlan, WalletAddress)?>(
        async session =>
        {
            var locked = (await session.WalletAsync(wallet.Id, forUpdate: true))!;
            if (await session.TransferAsync(transfer.Id, forUpdate: true) is not { State: TransferState.Approved } || await session.IsStoppedAsync())
                return null;
            var reserved = await session.ReservedCoinsAsync(transfer.Id);
            var plan = reserved.Count > 0
                ? PlanOf(wallet, transfer, purpose, reserved, rate, null)
                : BitcoinPlan.Select(await session.SpendableCoinsAsync(wallet.Id), transfer.Amount, rate, transfer.MaxFee, wallet.Script, DestinationBytes(transfer), ChangeBytes(wallet));
            if (plan is null)
                return null;
            if (reserved.Count == 0)
            {
                foreach (var coin in plan.Coins)
                    await session.ExecuteAsync("update coins set reserved_by = @Id where outpoint = @Outpoint and reserved_by is null", new { transfer.Id, coin.Outpoint });
            }

            var change = await session.ChangeAddressAsync(wallet.Id, transfer.Id)
                ?? await session.AddAddressAsync(locked, context.Networks, WalletAddress.Change, transfer.Id, null, null, Actor, context.Clock.GetUtcNow());
            return (plan, change);
        },
        cancellationToken);

    /// <summary>With the coins that are set aside.</summary>
    private BitcoinPlan? PlanOf(Wallet wallet, Transfer transfer, string purpose, IReadOnlyList<Coin> coins, BigInteger rate, BigInteger? replacedFee) => purpose == Attempt.Cancellation
        ? BitcoinPlan.Cancel(coins, rate, transfer.MaxFee, wallet.Script, ChangeBytes(wallet), replacedFee)
        : BitcoinPlan.Of(coins, transfer.Amount, rate, transfer.MaxFee, wallet.Script, DestinationBytes(transfer), ChangeBytes(wallet), replacedFee);

    private int DestinationBytes(Transfer transfer) => BitcoinAddress.Create(transfer.Destination, context.Networks.Bitcoin).ScriptPubKey.Length;

    private int ChangeBytes(Wallet wallet) => BitcoinAddress.Create(wallet.AddressAt(context.Networks, WalletAddress.Change, 0), context.Networks.Bitcoin).ScriptPubKey.Length;

    /// <summary>Has a plan signed and stores the bytes; that of a cold key is stored as it is, and waits.</summary>
    /// <returns>The transfer; null: it waits.</returns>
    private async Task<Transfer?> StoreAsync(Wallet wallet, Transfer transfer, string purpose, BitcoinPlan plan, WalletAddress change, BigInteger rate, long number, CancellationToken cancellationToken)
    {
        var psbt = BitcoinTransactions.Build(wallet, context.Networks, transfer, purpose, plan, change);
        if (wallet.IsCold)
        {
            var export = new Export { Transfer = transfer.Id, Number = number, Purpose = purpose, Content = psbt.ToBase64(), FeeRate = rate, MaxFee = plan.Fee };
            await context.Database.ChangeAsync(session => session.AddExportAsync(export, wallet.Id, context.Clock.GetUtcNow()), cancellationToken);
            return null;
        }

        var order = new BitcoinOrder(wallet.SigningKey!, transfer.Id, purpose, transfer.Destination, Amount.Write(transfer.Amount), psbt.ToBase64());
        SignedBytes signed;
        try
        {
            signed = await context.Signer!.SignAsync(order, cancellationToken);
        }
        catch (SigningRefusedException exception)
        {
            return await RefusedAsync(transfer, exception, number, cancellationToken);
        }

        signed = BitcoinTransactions.Check(psbt, context.Networks, signed.Raw);
        context.Faults.Reach(FaultPoint.TransactionSigned);
        var now = context.Clock.GetUtcNow();
        var attempt = new Attempt { Transfer = transfer.Id, Number = number, Purpose = purpose, Txid = signed.Txid, Raw = signed.Raw, FeeRate = rate, MaxFee = plan.Fee };
        var stored = await context.Database.ChangeAsync(
            async session =>
            {
                await session.AddAttemptAsync(attempt, now);
                return number > 1 ? transfer
                    : await session.MoveAsync(transfer, TransferEvent.Sign, Actor, now)
                    ?? throw new InvalidOperationException($"transfer {transfer.Id} was changed although its coins were set aside");
            },
            cancellationToken);
        Tell(stored, transfer);
        context.Faults.Reach(FaultPoint.BytesStored);
        return stored;
    }

    /// <summary>Nothing was signed: the transfer fails, and its coins are free again.</summary>
    private async Task<Transfer?> RefusedAsync(Transfer transfer, SigningRefusedException exception, long number, CancellationToken cancellationToken)
    {
        context.Metrics.Alarm(transfer.Id, $"the signer refuses: {exception.Code}: {exception.Message}");
        if (number > 1)
            return null;
        var moved = await context.Database.ChangeAsync(
            async session =>
            {
                // Another replica's bytes may be there.
                if ((await session.AttemptsAsync(transfer.Id)).Count > 0)
                    return null;
                var failed = await session.MoveAsync(transfer, TransferEvent.Refuse, Actor, context.Clock.GetUtcNow(), moved => moved with { Reason = $"refused by the signer: {exception.Code}: {exception.Message}" });
                if (failed is not null)
                    await session.ExecuteAsync("update coins set reserved_by = null where reserved_by = @Id", new { transfer.Id });
                return failed;
            },
            cancellationToken);
        Tell(moved, transfer);
        return moved;
    }

    private async Task FollowAsync(Wallet wallet, Transfer transfer, BlockReference scanned, CancellationToken cancellationToken)
    {
        var (attempts, coins, requests, exports) = await context.Database.ReadAsync(
            async session => (await session.AttemptsAsync(transfer.Id), await session.ReservedCoinsAsync(transfer.Id), await session.RequestsAsync(transfer.Id), await session.ExportsAsync(transfer.Id)),
            cancellationToken);
        var spent = coins.FirstOrDefault(coin => coin.SpentBy is not null);
        if (spent is not null)
        {
            if (attempts.FirstOrDefault(attempt => attempt.Txid == spent.SpentBy) is { } paid)
                await FoundAsync(transfer, paid, requests, spent.SpentHeight!.Value, scanned, cancellationToken);
            else
                context.Metrics.Alarm(transfer.Id, $"its coin {spent.Outpoint} is spent by {spent.SpentBy}, which is not ours: somebody else has the key");
            return;
        }

        transfer = await OrphanAsync(transfer, cancellationToken);
        var newest = attempts[^1];
        if (await ReplaceIfAskedAsync(wallet, transfer, exports is [.., var exported] ? Newest.Of(exported) : Newest.Of(newest), coins, requests, cancellationToken))
            return;
        if (!await node.KnowsAsync(newest.Txid, cancellationToken))
            await SendAsync(transfer, newest, cancellationToken);
        else if (TransferMachine.Next(transfer.State, TransferEvent.See) is not null)
            await SeeAsync(transfer, newest, cancellationToken);
        else
            await ReplaceLateAsync(wallet, transfer, newest, coins, cancellationToken);
    }

    /// <summary>Notes that the block of a transfer is no longer part of the chain, where it had one.</summary>
    private async Task<Transfer> OrphanAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        if (transfer.State != TransferState.Confirmed)
            return transfer;
        context.Metrics.Alarm(transfer.Id, $"block {transfer.Block} is no longer part of the chain; the same transaction is sent again");
        return await MoveAsync(transfer, TransferEvent.Orphan, moved => moved with { Block = null, Txid = null, Confirmations = 0 }, cancellationToken) ?? transfer;
    }

    private async Task FoundAsync(Transfer transfer, Attempt attempt, ChangeRequests requests, long height, BlockReference scanned, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.BlockFound);
        var confirmations = scanned.Number - height + 1;
        var isPayment = attempt.Purpose == Attempt.Payment;
        // A cancellation confirms nothing: the transfer is open until it is certain that it is not paid. A reorganisation may have put it into the payment's place.
        if (!isPayment)
            transfer = await OrphanAsync(transfer, cancellationToken);
        var block = await context.Database.ReadAsync(session => session.BlockHashAsync(Asset.Bitcoin, height), cancellationToken);
        if (isPayment && (transfer.State, transfer.Confirmations, transfer.Block) != (TransferState.Confirmed, confirmations, block))
        {
            if (await MoveAsync(transfer, TransferEvent.Confirm, moved => moved with { Txid = attempt.Txid, Block = block, Confirmations = confirmations }, cancellationToken) is not { } confirmed)
                return;
            transfer = confirmed;
            context.Faults.Reach(FaultPoint.ConfirmedStored);
        }

        if (confirmations < context.Finality.Needed(transfer.Asset, transfer.Amount))
            return;
        context.Faults.Reach(FaultPoint.BeforeBooking);
        if (isPayment)
            await MoveAsync(transfer, TransferEvent.Finalize, moved => moved with { Fee = attempt.MaxFee }, cancellationToken);
        else
            await MoveAsync(transfer, TransferEvent.Replace, moved => moved with { Fee = attempt.MaxFee, Reason = $"cancelled by {requests.Cancellation?.RequestedBy}", Txid = attempt.Txid, Block = block }, cancellationToken);
        context.Faults.Reach(FaultPoint.AfterBooking);
    }

    private async Task SendAsync(Transfer transfer, Attempt attempt, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.BeforeBroadcast);
        var (outcome, reason) = await node.SendAsync(attempt.Raw, cancellationToken);
        context.Faults.Reach(FaultPoint.AfterBroadcast);
        // Some nodes answer before they have looked at it, and say nothing when they refuse: the next round finds out, and sends the same bytes again.
        context.Metrics.Broadcast(Chain, outcome.ToString().ToLowerInvariant());
        if (outcome == Broadcast.Refused)
        {
            context.Metrics.Held(transfer.Id, $"the node does not take the transaction: {reason}");
            return;
        }

        var now = context.Clock.GetUtcNow();
        var moved = await context.Database.ChangeAsync(
            async session =>
            {
                await session.MarkBroadcastAsync(attempt.Txid, now);
                return await session.MoveAsync(transfer, TransferEvent.Broadcast, Actor, now);
            },
            cancellationToken);
        Tell(moved, transfer);
        context.Faults.Reach(FaultPoint.BroadcastStored);
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
        Tell(moved, transfer);
    }

    /// <summary>The same coins with a larger fee, taken from the change, when a transaction has waited for too long. A cold key is not asked for it unless a person does.</summary>
    private async Task ReplaceLateAsync(Wallet wallet, Transfer transfer, Attempt newest, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        if (!wallet.IsCold && context.Clock.GetUtcNow().ToUnixTimeMilliseconds() - (newest.BroadcastAt ?? newest.CreatedAt) >= context.Options.BumpAfter.TotalMilliseconds)
            await ReplaceAsync(wallet, transfer, Newest.Of(newest), newest.Purpose, coins, cancellationToken);
    }

    /// <summary>Replaces the newest transaction when somebody asked for it: by its cancellation, or by the same with a larger fee.</summary>
    /// <returns>True: it was replaced.</returns>
    private async Task<bool> ReplaceIfAskedAsync(Wallet wallet, Transfer transfer, Newest newest, IReadOnlyList<Coin> coins, ChangeRequests requests, CancellationToken cancellationToken) =>
        requests.AskToReplace(newest.Number, newest.Purpose) && await ReplaceAsync(wallet, transfer, newest, requests.PurposeAfter(newest.Purpose), coins, cancellationToken) && !wallet.IsCold;

    /// <returns>False: it may not cost so much, or the signer refuses.</returns>
    private async Task<bool> ReplaceAsync(Wallet wallet, Transfer transfer, Newest newest, string purpose, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        var rate = BigInteger.Max(await node.FeeRateAsync(cancellationToken) ?? 0, ((newest.FeeRate * RaiseNumerator) + RaiseDenominator - 1) / RaiseDenominator);
        var change = await context.Database.ReadAsync(session => session.ChangeAddressAsync(wallet.Id, transfer.Id), cancellationToken)
            ?? throw new InvalidOperationException($"transfer {transfer.Id} has coins and no address for their change");
        if (PlanOf(wallet, transfer, purpose, coins, rate, newest.Fee) is not { } plan)
        {
            context.Metrics.Held(transfer.Id, $"its transaction waits, and a larger fee is more than the transfer may cost ({transfer.MaxFee}) or than its coins have left");
            return false;
        }

        if (await StoreAsync(wallet, transfer, purpose, plan, change, rate, newest.Number + 1, cancellationToken) is null)
            return wallet.IsCold;
        await SendAsync(transfer, (await context.Database.ReadAsync(session => session.AttemptsAsync(transfer.Id), cancellationToken))[^1], cancellationToken);
        return true;
    }

    private async Task<Transfer?> MoveAsync(Transfer transfer, TransferEvent happened, Func<Transfer, Transfer> change, CancellationToken cancellationToken)
    {
        var moved = await context.Database.ChangeAsync(session => session.MoveAsync(transfer, happened, Actor, context.Clock.GetUtcNow(), change), cancellationToken);
        Tell(moved, transfer);
        return moved;
    }

    private void Tell(Transfer? moved, Transfer before)
    {
        if (moved is not null && moved.State != before.State)
            context.Metrics.Moved(moved.Wallet, moved.Id, TransferMachine.Name(moved.State));
    }

    /// <summary>What the next transaction of a transfer has to outbid.</summary>
    private sealed record Newest(long Number, string Purpose, BigInteger FeeRate, BigInteger Fee)
    {
        public static Newest Of(Attempt attempt) => new(attempt.Number, attempt.Purpose, attempt.FeeRate, attempt.MaxFee);

        public static Newest Of(Export export) => new(export.Number, export.Purpose, export.FeeRate, export.MaxFee);
    }
}
