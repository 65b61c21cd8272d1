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

    public string Chain => Asset.Bitcoin;

    public async Task WorkAsync(Wallet wallet, CancellationToken cancellationToken)
    {
        var transfers = await context.Database.ReadAsync(session => session.OpenTransfersAsync(wallet.Id, context.Options.Batch), cancellationToken);
        var waiting = transfers.Where(transfer => transfer.State != TransferState.Created).ToArray();
        context.Metrics.Open(wallet.Id, transfers.Count, waiting is [var oldest, ..] ? context.Clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest.CreatedAt) : TimeSpan.Zero);
        // Coins and confirmations are those of the blocks that the watcher has looked through: of another chain, or one that is behind, nothing is concluded.
        if (waiting.Length == 0 || await context.Database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin), cancellationToken) is not { } scanned || scanned != await node.HeadAsync(cancellationToken))
            return;
        foreach (var transfer in waiting)
        {
            var current = transfer.State == TransferState.Approved ? await SignAsync(wallet, transfer, cancellationToken) : transfer;
            if (current is not null && !TransferMachine.Ends.Contains(current.State))
                await FollowAsync(wallet, current, scanned, cancellationToken);
        }
    }

    private async Task<Transfer?> SignAsync(Wallet wallet, Transfer transfer, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.TransferChosen);
        var rate = await node.FeeRateAsync(cancellationToken) ?? UsualRate;
        if (await ReserveAsync(wallet, transfer, rate, cancellationToken) is not var (plan, change))
        {
            context.Metrics.Held(transfer.Id, $"the wallet has no coins that are free and final for {transfer.Amount} satoshi and a fee of at most {transfer.MaxFee}, at {rate} per 1000 virtual bytes");
            return null;
        }

        context.Faults.Reach(FaultPoint.InputsReserved);
        return await StoreAsync(wallet, transfer, plan, change, rate, 1, cancellationToken);
    }

    /// <summary>Sets coins aside for a transfer, and an address for its change; what was set aside before stays.</summary>
    private Task<(BitcoinPlan Plan, WalletAddress Change)?> ReserveAsync(Wallet wallet, Transfer transfer, BigInteger rate, CancellationToken cancellationToken) => context.Database.ChangeAsync<(BitcoinPlan, WalletAddress)?>(
        async session =>
        {
            var locked = (await session.WalletAsync(wallet.Id, forUpdate: true))!;
            if (await session.TransferAsync(transfer.Id, forUpdate: true) is not { State: TransferState.Approved } || await session.IsStoppedAsync())
                return null;
            var reserved = await session.ReservedCoinsAsync(transfer.Id);
            var plan = reserved.Count > 0
                ? PlanOf(wallet, transfer, reserved, rate, isFixed: true)
                : PlanOf(wallet, transfer, await session.SpendableCoinsAsync(wallet.Id), rate, isFixed: false);
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

    private BitcoinPlan? PlanOf(Wallet wallet, Transfer transfer, IReadOnlyList<Coin> coins, BigInteger rate, bool isFixed)
    {
        var destination = BitcoinAddress.Create(transfer.Destination, context.Networks.Bitcoin).ScriptPubKey.Length;
        var change = BitcoinAddress.Create(wallet.AddressAt(context.Networks, WalletAddress.Change, 0), context.Networks.Bitcoin).ScriptPubKey.Length;
        return isFixed
            ? BitcoinPlan.Of(coins, transfer.Amount, rate, transfer.MaxFee, wallet.Script, destination, change)
            : BitcoinPlan.Select(coins, transfer.Amount, rate, transfer.MaxFee, wallet.Script, destination, change);
    }

    private async Task<Transfer?> StoreAsync(Wallet wallet, Transfer transfer, BitcoinPlan plan, WalletAddress change, BigInteger rate, long number, CancellationToken cancellationToken)
    {
        var psbt = BitcoinTransactions.Build(wallet, context.Networks, transfer, plan, change);
        var order = new BitcoinOrder(wallet.SigningKey!, transfer.Id, Attempt.Payment, transfer.Destination, Amount.Write(transfer.Amount), psbt.ToBase64());
        SignedBytes signed;
        try
        {
            signed = await context.Signer.SignAsync(order, cancellationToken);
        }
        catch (SigningRefusedException exception)
        {
            return await RefusedAsync(transfer, exception, number, cancellationToken);
        }

        signed = BitcoinTransactions.Check(psbt, context.Networks, signed.Raw);
        context.Faults.Reach(FaultPoint.TransactionSigned);
        var now = context.Clock.GetUtcNow();
        var attempt = new Attempt { Transfer = transfer.Id, Number = number, Purpose = Attempt.Payment, Txid = signed.Txid, Raw = signed.Raw, FeeRate = rate, MaxFee = plan.Fee };
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
        var (attempts, coins) = await context.Database.ReadAsync(async session => (await session.AttemptsAsync(transfer.Id), await session.ReservedCoinsAsync(transfer.Id)), cancellationToken);
        var spent = coins.FirstOrDefault(coin => coin.SpentBy is not null);
        if (spent is not null)
        {
            if (attempts.FirstOrDefault(attempt => attempt.Txid == spent.SpentBy) is { } paid)
                await FoundAsync(transfer, paid, spent.SpentHeight!.Value, scanned, cancellationToken);
            else
                context.Metrics.Alarm(transfer.Id, $"its coin {spent.Outpoint} is spent by {spent.SpentBy}, which is not ours: somebody else has the key");
            return;
        }

        if (transfer.State == TransferState.Confirmed)
        {
            context.Metrics.Alarm(transfer.Id, $"block {transfer.Block} is no longer part of the chain; the same transaction is sent again");
            transfer = await MoveAsync(transfer, TransferEvent.Orphan, moved => moved with { Block = null, Txid = null, Confirmations = 0 }, cancellationToken) ?? transfer;
        }

        var newest = attempts[^1];
        if (!await node.KnowsAsync(newest.Txid, cancellationToken))
            await SendAsync(transfer, newest, cancellationToken);
        else if (TransferMachine.Next(transfer.State, TransferEvent.See) is not null)
            await SeeAsync(transfer, newest, cancellationToken);
        else
            await ReplaceLateAsync(wallet, transfer, newest, coins, cancellationToken);
    }

    private async Task FoundAsync(Transfer transfer, Attempt attempt, long height, BlockReference scanned, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.BlockFound);
        var confirmations = scanned.Number - height + 1;
        var block = await context.Database.ReadAsync(session => session.BlockHashAsync(Asset.Bitcoin, height), cancellationToken);
        if ((transfer.State, transfer.Confirmations, transfer.Block) != (TransferState.Confirmed, confirmations, block))
        {
            if (await MoveAsync(transfer, TransferEvent.Confirm, moved => moved with { Txid = attempt.Txid, Block = block, Confirmations = confirmations }, cancellationToken) is not { } confirmed)
                return;
            transfer = confirmed;
            context.Faults.Reach(FaultPoint.ConfirmedStored);
        }

        if (confirmations < context.Options.BitcoinConfirmations)
            return;
        context.Faults.Reach(FaultPoint.BeforeBooking);
        await MoveAsync(transfer, TransferEvent.Finalize, moved => moved with { Fee = attempt.MaxFee }, cancellationToken);
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

    /// <summary>The same coins with a larger fee, taken from the change, when a transaction has waited for too long.</summary>
    private async Task ReplaceLateAsync(Wallet wallet, Transfer transfer, Attempt newest, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        if (context.Clock.GetUtcNow().ToUnixTimeMilliseconds() - (newest.BroadcastAt ?? newest.CreatedAt) < context.Options.BumpAfter.TotalMilliseconds)
            return;
        var rate = BigInteger.Max(await node.FeeRateAsync(cancellationToken) ?? 0, ((newest.FeeRate * RaiseNumerator) + RaiseDenominator - 1) / RaiseDenominator);
        var change = await context.Database.ReadAsync(session => session.ChangeAddressAsync(wallet.Id, transfer.Id), cancellationToken);
        // Without change there is nothing to take a larger fee from.
        if (PlanOf(wallet, transfer, coins, rate, isFixed: true) is not { Change: { IsZero: false } } plan || plan.Fee <= newest.MaxFee || change is null)
        {
            context.Metrics.Held(transfer.Id, $"its transaction waits, and a larger fee is more than the transfer may cost ({transfer.MaxFee}) or than its coins have left");
            return;
        }

        if (await StoreAsync(wallet, transfer, plan, change, rate, newest.Number + 1, cancellationToken) is not null)
            await SendAsync(transfer, (await context.Database.ReadAsync(session => session.AttemptsAsync(transfer.Id), cancellationToken))[^1], cancellationToken);
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
}
