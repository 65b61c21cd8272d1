using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

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

    private readonly FairSelection _selection = new(context.Options.PerRound);
    private readonly BitcoinSigning _signing = new(context);
    private readonly BitcoinBroadcast _broadcast = new(context, node);
    private readonly BitcoinChildren _children = new(context, node);

    /// <summary>By wallet: transfers that found no coins in the last round. They wait for no others, and no others for them.</summary>
    private readonly ConcurrentDictionary<string, ImmutableHashSet<string>> _held = new(StringComparer.Ordinal);

    public string Chain => Asset.Bitcoin;

    /// <summary>The rate of what takes the place of a transaction.</summary>
    internal static BigInteger Raise(BigInteger rate) => ((rate * RaiseNumerator) + RaiseDenominator - 1) / RaiseDenominator;

    public async Task WorkAsync(Wallet wallet, CancellationToken cancellationToken)
    {
        var (transfers, open) = await context.Database.ReadAsync(async session => (await _selection.NextAsync(session, wallet.Id), await session.CountOpenAsync(wallet.Id)), cancellationToken);
        context.Show(wallet.Id, open);
        // Coins and confirmations are those of the blocks that the watcher has looked through: of another chain, or one that is behind, nothing is concluded.
        if (transfers.Count == 0 || await context.Database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin), cancellationToken) is not { } scanned || scanned != await node.HeadAsync(cancellationToken))
            return;
        var (owners, withCoins) = await context.Database.ReadAsync(
            async session =>
            {
                var ids = transfers.Select(transfer => transfer.Id).ToArray();
                return (await session.OwnersAsync(ids), (await session.WithCoinsAsync(ids)).ToHashSet(StringComparer.Ordinal));
            },
            cancellationToken);
        var waiting = transfers.Where(transfer => transfer.State == TransferState.Approved && !owners.ContainsKey(transfer.Id) && !withCoins.Contains(transfer.Id)).ToArray();
        foreach (var owner in transfers.Except(waiting).Select(transfer => owners.GetValueOrDefault(transfer.Id, transfer.Id)).Distinct(StringComparer.Ordinal))
            await WorkAsync(wallet, owner, scanned, cancellationToken);
        await ReserveAsync(wallet, waiting, scanned, cancellationToken);
    }

    /// <summary>Takes on what has coins.</summary>
    private async Task WorkAsync(Wallet wallet, string owner, BlockReference scanned, CancellationToken cancellationToken)
    {
        var batch = await ReadAsync(owner, cancellationToken);
        if (!batch.IsSigned && batch.Open.Count > 0)
            batch = await SignAsync(wallet, batch, cancellationToken);
        if (batch.IsSigned && batch.Open.Count > 0)
            await FollowAsync(wallet, batch, scanned, cancellationToken);
    }

    private Task<Batch> ReadAsync(string owner, CancellationToken cancellationToken) => context.Database.ReadAsync(session => Batch.ReadAsync(session, owner), cancellationToken);

    /// <summary>Gives coins to transfers that have none, as many together as the wallet asks for, and takes these on.</summary>
    private async Task ReserveAsync(Wallet wallet, Transfer[] waiting, BlockReference scanned, CancellationToken cancellationToken)
    {
        if (waiting.Length == 0 || await context.HoldsAsync(waiting[0].Id, [], cancellationToken))
            return;
        // What a cold key signs is looked at by people, one transfer at a time.
        var rule = wallet.IsCold ? new BatchingRule(1, TimeSpan.Zero) : wallet.Batching;
        var before = _held.GetValueOrDefault(wallet.Id, []);
        var held = before.Intersect(waiting.Select(transfer => transfer.Id));
        while (IsDue())
        {
            var candidates = waiting.Take((int)rule.Most).ToArray();
            var rate = await RateAsync(cancellationToken);
            var chosen = (await _signing.ReserveAsync(wallet, candidates, rate, cancellationToken)).Select(transfer => transfer.Id).ToHashSet(StringComparer.Ordinal);
            var tried = chosen.Count == 0 ? [.. candidates.Select(candidate => candidate.Id)] : chosen;
            waiting = [.. waiting.Where(transfer => !tried.Contains(transfer.Id))];
            held = chosen.Count == 0 ? held.Union(tried) : held.Except(tried);
            foreach (var transfer in candidates.Where(_ => chosen.Count == 0))
                context.Metrics.Held(transfer.Id, $"the wallet has no free and final coins for {transfer.Amount} satoshi and a fee of at most {transfer.MaxFee}, at {rate} satoshi per 1000 virtual bytes");
            if (candidates.FirstOrDefault(candidate => chosen.Contains(candidate.Id)) is { } owner)
                await WorkAsync(wallet, owner.Id, scanned, cancellationToken);
        }

        _held[wallet.Id] = held;

        bool IsDue()
        {
            var fresh = waiting.Where(transfer => !before.Contains(transfer.Id)).Select(transfer => DateTimeOffset.FromUnixTimeMilliseconds(transfer.UpdatedAt)).ToArray();
            return waiting.Length > 0 && (fresh.Length == 0 || rule.IsDue(fresh, context.Clock.GetUtcNow()));
        }
    }

    private async Task<BigInteger> RateAsync(CancellationToken cancellationToken) => await node.FeeRateAsync(cancellationToken) ?? UsualRate;

    /// <summary>Has the first transaction signed.</summary>
    /// <returns>The batch as it is then.</returns>
    private async Task<Batch> SignAsync(Wallet wallet, Batch batch, CancellationToken cancellationToken)
    {
        while (!batch.IsSigned && batch.Open.Count > 0)
        {
            var (exports, coins) = await context.Database.ReadAsync(async session => (await session.ExportsAsync(batch.Owner), await session.ReservedCoinsAsync(batch.Owner)), cancellationToken);
            if (exports is [.., var exported])
            {
                await ReplaceIfAskedAsync(wallet, batch, Newest.Of(exported), coins, cancellationToken);
                return batch;
            }

            if (batch.Paid is { Count: > 0 } paid && await context.HoldsAsync(batch.Owner, paid, cancellationToken))
                return batch;
            var rate = await RateAsync(cancellationToken);
            if (_signing.PlanOf(wallet, batch, coins, rate, null) is not { } plan)
            {
                context.Metrics.Held(batch.Owner, $"a fee of at most {batch.MaxFee} is too small at {rate} satoshi per 1000 virtual bytes");
                return batch;
            }

            context.Faults.Reach(FaultPoint.InputsReserved);
            var open = batch.Open.Count;
            var isStored = await _signing.StoreAsync(wallet, batch, plan, rate, 1, cancellationToken);
            batch = await ReadAsync(batch.Owner, cancellationToken);
            // Without one that was refused the others go on at once.
            if (!isStored && batch.Open.Count == open)
                return batch;
        }

        return batch;
    }

    private async Task FollowAsync(Wallet wallet, Batch batch, BlockReference scanned, CancellationToken cancellationToken)
    {
        var (coins, change, exports) = await context.Database.ReadAsync(
            async session => (await session.ReservedCoinsAsync(batch.Owner), await session.ChildCoinsAsync(batch.Owner), await session.ExportsAsync(batch.Owner)), cancellationToken);
        if (coins.FirstOrDefault(coin => coin.SpentBy is not null) is { } spent)
        {
            await FoundAsync(wallet, batch, spent, change, scanned, cancellationToken);
            return;
        }

        if (batch.Open.Any(member => member.Transfer.State == TransferState.Confirmed))
        {
            foreach (var member in batch.Open)
                await OrphanAsync(member.Transfer, cancellationToken);
            batch = await ReadAsync(batch.Owner, cancellationToken);
        }

        var newest = Newest.Of(batch);
        if (await ReplaceIfAskedAsync(wallet, batch, exports is [.., var exported] ? Newest.Of(exported) : newest, coins, cancellationToken))
            return;
        if (BitcoinChildren.IsAsked(wallet, batch, newest))
        {
            if (await _children.MakeAskedAsync(wallet, batch, scanned, cancellationToken))
                return;
            // It may have been touched.
            batch = await ReadAsync(batch.Owner, cancellationToken);
        }

        var followed = batch.NewestChild is { } child && child.Number == newest.Number ? await _children.FollowAsync(wallet, batch, child, cancellationToken) : batch.Open[0].Attempts[^1];
        if (followed is not null)
            await FollowAsync(wallet, batch, followed, coins, scanned, cancellationToken);
    }

    /// <summary>Keeps a transaction in the memory pool, until it is replaced.</summary>
    private async Task FollowAsync(Wallet wallet, Batch batch, Attempt transaction, IReadOnlyList<Coin> coins, BlockReference scanned, CancellationToken cancellationToken)
    {
        if (!await node.KnowsAsync(transaction.Txid, cancellationToken))
        {
            // One that was sent before and is not there was dropped, or not taken.
            if (await _broadcast.SendAsync(batch, transaction, cancellationToken) == Broadcast.Refused || transaction.BroadcastAt is not null)
                await _children.HelpAsync(wallet, batch, scanned, cancellationToken);
        }
        else if (!await _broadcast.SeeAsync(batch, transaction, cancellationToken) && !wallet.IsCold && context.IsLate(transaction))
        {
            // A cold key is not asked for a larger fee unless a person does.
            await ReplaceAsync(wallet, batch, Newest.Of(batch), coins, cancellationToken);
        }
    }

    /// <summary>One of its transactions is in a block.</summary>
    /// <param name="spent">A coin that it spends.</param>
    /// <param name="change">That is set aside for children.</param>
    private async Task FoundAsync(Wallet wallet, Batch batch, Coin spent, IReadOnlyList<Coin> change, BlockReference scanned, CancellationToken cancellationToken)
    {
        if (batch.Open[0].Attempts.FirstOrDefault(attempt => attempt.Txid == spent.SpentBy) is not { } found)
        {
            context.Metrics.Alarm(batch.Owner, $"its coin {spent.Outpoint} is spent by {spent.SpentBy}, which is not ours: someone else has the key");
            return;
        }

        var ending = _children.EndingOf(batch, found, spent.SpentHeight!.Value, change);
        foreach (var member in batch.Open)
            await FoundAsync(member, member.Attempts.Single(attempt => attempt.Number == found.Number), spent.SpentHeight.Value, ending, scanned, cancellationToken);
        if (ending.IsWaiting)
            await _children.CarryOnAsync(wallet, batch, found, cancellationToken);
    }

    /// <summary>Notes that the block of a transfer is no longer part of the chain, where it had one.</summary>
    private async Task<Transfer> OrphanAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        if (transfer.State != TransferState.Confirmed)
            return transfer;
        context.Metrics.Alarm(transfer.Id, $"block {transfer.Block} is no longer part of the chain; the same transaction is sent again");
        return await MoveAsync(transfer, TransferEvent.Orphan, moved => moved with { Block = null, Txid = null, Confirmations = 0 }, cancellationToken) ?? transfer;
    }

    private async Task FoundAsync(BatchMember member, Attempt attempt, long height, BitcoinChildren.Ending ending, BlockReference scanned, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.BlockFound);
        var transfer = member.Transfer;
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

        if (ending.Height is not { } last || scanned.Number - last + 1 < context.Finality.Needed(transfer.Asset, transfer.Amount))
            return;
        var fee = attempt.MaxFee + member.All.Where(child => child.Number == ending.Child).Aggregate(BigInteger.Zero, (sum, child) => sum + child.MaxFee);
        context.Faults.Reach(FaultPoint.BeforeBooking);
        if (isPayment)
            await MoveAsync(transfer, TransferEvent.Finalize, moved => moved with { Fee = fee }, cancellationToken);
        else
            await MoveAsync(transfer, TransferEvent.Replace, moved => moved with { Fee = fee, Reason = $"cancelled by {member.Requests.Cancellation?.RequestedBy}", Txid = attempt.Txid, Block = block }, cancellationToken);
        context.Faults.Reach(FaultPoint.AfterBooking);
    }

    /// <summary>Replaces the newest transaction when somebody asked for it: by the same with a larger fee, or by one that leaves out what is cancelled.</summary>
    /// <returns>True: it was replaced.</returns>
    private async Task<bool> ReplaceIfAskedAsync(Wallet wallet, Batch batch, Newest newest, IReadOnlyList<Coin> coins, CancellationToken cancellationToken) =>
        batch.Open.Any(member => member.Requests.AskToReplace(newest.Number, newest.PurposeOf(member))) && await ReplaceAsync(wallet, batch, newest, coins, cancellationToken) && !wallet.IsCold;

    /// <summary>The same coins with a larger fee, taken from the change.</summary>
    /// <returns>False: it is held back, it may not cost so much, or the signer refuses.</returns>
    private async Task<bool> ReplaceAsync(Wallet wallet, Batch batch, Newest newest, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        if (batch.Paid is { Count: > 0 } paid && await context.HoldsAsync(batch.Owner, paid, cancellationToken))
            return false;
        var rate = BigInteger.Max(await node.FeeRateAsync(cancellationToken) ?? 0, Raise(newest.FeeRate));
        if (_signing.PlanOf(wallet, batch, coins, rate, newest.Fee) is not { } plan)
        {
            context.Metrics.Held(batch.Owner, $"the transaction is unconfirmed, and a larger fee would exceed its limit ({batch.MaxFee}) or the coins that it spends");
            return false;
        }

        if (!await _signing.StoreAsync(wallet, batch, plan, rate, newest.Number + 1, cancellationToken))
            return wallet.IsCold;
        batch = await ReadAsync(batch.Owner, cancellationToken);
        await _broadcast.SendAsync(batch, batch.Open[0].Attempts[^1], cancellationToken);
        return true;
    }

    private async Task<Transfer?> MoveAsync(Transfer transfer, TransferEvent happened, Func<Transfer, Transfer> change, CancellationToken cancellationToken)
    {
        var moved = await context.Database.ChangeAsync(session => session.MoveAsync(transfer, happened, Actor, context.Clock.GetUtcNow(), change), cancellationToken);
        context.LogMove(moved, transfer);
        return moved;
    }
}
