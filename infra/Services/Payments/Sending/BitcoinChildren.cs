using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sending;

/// <summary>
/// Child pays for parent: a transaction that waits and cannot be replaced gets a child, which spends the change of it and pays for both. Miners take them together
/// (https://bitcoinops.org/en/topics/cpfp/). The change is the child's from before it is signed, since a signature may be anywhere; it is free again only where the signer has agreed never to sign one.
/// </summary>
internal sealed class BitcoinChildren(SenderContext context, BitcoinNode node)
{
    private const string Actor = "sender";

    private readonly BitcoinBroadcast _broadcast = new(context, node);

    /// <summary>Refusals that a person was told of: the transaction whose child it was, and the code.</summary>
    private readonly HashSet<(string Txid, string Code)> _refused = [];

    /// <summary>Whether somebody asked for a child of what waits now.</summary>
    public static bool IsAsked(Wallet wallet, Batch batch, Newest newest) => !wallet.IsCold && batch.Open.Any(member => member.Requests.AskForChild(newest.Number));

    /// <summary>Makes a child that was asked for.</summary>
    /// <returns>True: it was made and sent.</returns>
    public async Task<bool> MakeAskedAsync(Wallet wallet, Batch batch, BlockReference scanned, CancellationToken cancellationToken)
    {
        if (await FindParentAsync(batch, batch.Open[0].Attempts, scanned, cancellationToken) is { } parent)
            return await MakeAsync(wallet, batch, parent, isInChain: false, cancellationToken);
        context.Metrics.Held(batch.Owner, "CPFP was requested, but the node does not have the parent transaction; a parent below the node's minimum relay fee would need package relay, which is not supported");
        return false;
    }

    /// <summary>Makes a child of an earlier transaction where the node keeps that one and does not take its replacement, such as when the recipient has built on it (BIP-125, rules 3 and 5).</summary>
    public async Task HelpAsync(Wallet wallet, Batch batch, BlockReference scanned, CancellationToken cancellationToken)
    {
        if (!wallet.IsCold && await FindParentAsync(batch, batch.Open[0].Attempts.SkipLast(1), scanned, cancellationToken) is { } parent)
            await MakeAsync(wallet, batch, parent, isInChain: false, cancellationToken);
    }

    /// <summary>Keeps parent and child in the memory pool, and replaces a child that has waited for too long by one that pays more.</summary>
    /// <returns>The transaction to follow in their place: the node has lost both, and has another one.</returns>
    public async Task<Attempt?> FollowAsync(Wallet wallet, Batch batch, Attempt child, CancellationToken cancellationToken)
    {
        var attempts = batch.Open[0].Attempts;
        var parent = attempts.Single(attempt => attempt.Number == child.Parent);
        if (await node.KnowsAsync(child.Txid, cancellationToken))
        {
            if (!await _broadcast.SeeAsync(batch, child, cancellationToken) && context.IsLate(child) && batch.IsWanted(parent))
                await MakeAsync(wallet, batch, parent, isInChain: false, cancellationToken);
            return null;
        }

        if (await node.KnowsAsync(parent.Txid, cancellationToken) || await _broadcast.SendAsync(batch, parent, cancellationToken) != Broadcast.Refused)
            await _broadcast.SendAsync(batch, child, cancellationToken);
        else if (attempts[^1] != parent)
            // The node has lost the parent and takes it no more: perhaps the one that was to replace it.
            return attempts[^1];
        return null;
    }

    /// <summary>Where a transaction in a block ends, with its child if it has one.</summary>
    /// <param name="change">That is set aside for children of the batch.</param>
    public Ending EndingOf(Batch batch, Attempt parent, long height, IReadOnlyList<Coin> change)
    {
        if (change.FirstOrDefault(parent.Made) is not { } coin)
            return new Ending(height, null, IsWaiting: false);
        if (coin.SpentBy is null)
            return new Ending(null, null, IsWaiting: true);
        if (batch.Open[0].ChildrenOf(parent).FirstOrDefault(child => child.Txid == coin.SpentBy) is { } child)
            return new Ending(Math.Max(height, coin.SpentHeight!.Value), child.Number, IsWaiting: false);
        context.Metrics.Alarm(batch.Owner, $"its change output {coin.Outpoint} is spent by {coin.SpentBy}, which is not ours: someone else has the key");
        return new Ending(null, null, IsWaiting: false);
    }

    /// <summary>The parent is in a block without its child. That one goes on: it can be in the next block at any time, so its coin is not free.</summary>
    public async Task CarryOnAsync(Wallet wallet, Batch batch, Attempt parent, CancellationToken cancellationToken)
    {
        if (batch.Open[0].ChildrenOf(parent).LastOrDefault() is not { } child)
        {
            // The signer refused, or the process ended before the bytes were stored: if it has signed, they may be anywhere.
            if (!await ForswearAsync(wallet, batch, parent, cancellationToken))
                await MakeAsync(wallet, batch, parent, isInChain: true, cancellationToken);
        }
        else if (context.IsLate(child) && await MakeAsync(wallet, batch, parent, isInChain: true, cancellationToken))
        {
            return;
        }
        else if (!await node.KnowsAsync(child.Txid, cancellationToken))
        {
            await _broadcast.SendAsync(batch, child, cancellationToken);
        }
    }

    /// <summary>Frees the change of a parent that is in a block, where the signer has signed no child of it and never will: nothing is left that a child would be for.</summary>
    /// <returns>False: it has signed one, or it is not known.</returns>
    private async Task<bool> ForswearAsync(Wallet wallet, Batch batch, Attempt parent, CancellationToken cancellationToken)
    {
        if ((await context.Database.ReadAsync(session => session.ChildCoinsAsync(batch.Owner), cancellationToken)).FirstOrDefault(parent.Made) is not { } change)
            return true;
        try
        {
            await context.Signer!.ForswearAsync(ForswornOrder.OfChildren(wallet.SigningKey!, change.Outpoint), cancellationToken);
        }
        catch (Exception exception) when (exception is SigningRefusedException or SignerUnavailableException)
        {
            return false;
        }

        await context.Database.ChangeAsync(
            async session =>
            {
                await session.WalletAsync(wallet.Id, forUpdate: true);
                // Another replica's child may be there.
                if ((await Batch.ReadAsync(session, batch.Owner)).Open is [var one, ..] && !one.ChildrenOf(parent).Any())
                    await session.FreeChildCoinAsync(change);
            },
            cancellationToken);
        return true;
    }

    /// <summary>The newest of some transactions that the node has in its memory pool, if a child of it is wanted.</summary>
    private async Task<Attempt?> FindParentAsync(Batch batch, IEnumerable<Attempt> attempts, BlockReference scanned, CancellationToken cancellationToken)
    {
        foreach (var attempt in attempts.Reverse().Where(batch.IsWanted))
        {
            // A node with an index knows what is in its blocks as well; up to this one, none has it.
            if (await node.KnowsAsync(attempt.Txid, cancellationToken))
                return await node.HeadAsync(cancellationToken) == scanned ? attempt : null;
        }

        return null;
    }

    private async Task<bool> MakeAsync(Wallet wallet, Batch batch, Attempt parent, bool isInChain, CancellationToken cancellationToken)
    {
        var address = await context.Database.ReadAsync(session => session.ChangeAddressAsync(wallet.Id, batch.Owner), cancellationToken);
        if (ChildPlan.Of(wallet, context.Networks, batch, parent, address) is not { } child)
            return Hold(batch, "no CPFP: the transaction has no change output for a child to spend");
        var rate = await RateAsync(batch, parent, cancellationToken);
        // What is begun is ended, at the lowest rate if need be.
        var plan = child.AtRate(rate, isInChain) ?? (isInChain ? child.AtRate(BitcoinPlan.RelayRate, isInChain) : null);
        if (plan is null)
            return Hold(batch, $"no CPFP: at {rate} satoshi per 1000 virtual bytes the child would exceed the largest fee of both transactions ({batch.MaxFee}) or the change output that it spends ({child.Change.Amount})");
        var shares = batch.ChildSharesOf(parent, plan.Fee);
        // After a reorganisation: of one that has ended a fee is booked, perhaps of another transaction.
        if (shares.Values.Any(share => share < 0))
            return Hold(batch, "no CPFP for now: a transfer paid by the same transaction has ended with another fee");
        if (await ReserveAsync(wallet, batch, parent, child.Change, isInChain, cancellationToken) is not { } target)
            return false;
        context.Faults.Reach(FaultPoint.ChildReserved);
        return await SignAsync(wallet, batch, child, plan, rate, shares, target, cancellationToken);
    }

    /// <summary>What the node asks for, a quarter more than what waits pays, and what the replacement offers that was not taken.</summary>
    private async Task<BigInteger> RateAsync(Batch batch, Attempt parent, CancellationToken cancellationToken)
    {
        var (attempts, last) = (batch.Open[0].Attempts, batch.Open[0].ChildrenOf(parent).LastOrDefault() ?? parent);
        return BigInteger.Max(await node.FeeRateAsync(cancellationToken) ?? 0, BigInteger.Max(BitcoinSender.Raise(last.FeeRate), attempts[^1].FeeRate));
    }

    /// <summary>Sets the change aside for the child, and an address to which it pays.</summary>
    /// <returns>Null: it is not made, or not now.</returns>
    private Task<WalletAddress?> ReserveAsync(Wallet wallet, Batch batch, Attempt parent, Coin change, bool isInChain, CancellationToken cancellationToken) => context.Database.ChangeAsync(
        async session =>
        {
            var (locked, now, label) = ((await session.WalletAsync(wallet.Id, forUpdate: true))!, context.Clock.GetUtcNow(), $"child of {batch.Owner}");
            var current = await Batch.ReadAsync(session, batch.Owner);
            if (isInChain ? await session.IsStoppedAsync() : !await IsAllowedAsync(session, current, parent, now))
                return null;
            // A replica that has lost its lease may be about to book the parent without a child.
            foreach (var member in current.Open)
            {
                if (!await session.TouchAsync(member.Transfer))
                    return null;
            }

            // After a reorganisation: change is spent from its first block on.
            if (!await session.ReserveForChildAsync(change, batch.Owner) && !Hold(batch, $"no CPFP: another transfer has the change output {change.Outpoint}"))
                return null;
            return await session.ChangeAddressAsync(wallet.Id, label) ?? await session.AddAddressAsync(locked, context.Networks, WalletAddress.Change, label, null, null, Actor, now);
        },
        cancellationToken);

    /// <summary>No payment is helped whose cancellation was asked for since, or to a place that is no longer allowed.</summary>
    private async Task<bool> IsAllowedAsync(Session session, Batch batch, Attempt parent, DateTimeOffset now)
    {
        if (batch.Open.Count < batch.Bearers.Count || !batch.IsWanted(parent))
            return false;
        return await session.ProblemAsync(batch.PaidBy(parent.Number), now) is not { } problem || Hold(batch, $"no CPFP: {problem}");
    }

    private async Task<bool> SignAsync(
        Wallet wallet, Batch batch, ChildPlan child, BitcoinPlan plan, BigInteger rate, IReadOnlyDictionary<string, BigInteger> shares, WalletAddress target, CancellationToken cancellationToken)
    {
        var psbt = BitcoinTransactions.Build(wallet, context.Networks, [], plan, target);
        SignedBytes signed;
        try
        {
            signed = await context.Signer!.SignAsync(BitcoinChildOrder.Of(wallet.SigningKey!, batch.Owner, shares, psbt.ToBase64()), cancellationToken);
        }
        catch (SigningRefusedException exception)
        {
            // It is asked again in each round, such as while its kill switch is on; a person is told once.
            if (_refused.Add((child.Parent.Txid, exception.Code)))
                context.Metrics.Alarm(batch.Owner, $"the signer refuses a child: {exception.Code}: {exception.Message}");
            return false;
        }
        catch (SignerUnavailableException exception)
        {
            // A signer of an earlier version knows of no children: that holds nothing else up.
            return Hold(batch, $"no CPFP for now: the signer does not sign the child: {exception.Message}");
        }

        signed = BitcoinTransactions.Check(psbt, context.Networks, signed.Raw);
        context.Faults.Reach(FaultPoint.ChildSigned);
        var attempt = new Attempt
        {
            Transfer = batch.Owner,
            Number = batch.Open[0].All.Max(one => one.Number) + 1,
            Parent = child.Parent.Number,
            Purpose = Attempt.Child,
            Txid = signed.Txid,
            Raw = signed.Raw,
            FeeRate = rate,
            MaxFee = plan.Fee,
        };
        await StoreAsync(batch, child.Parent, attempt, shares, cancellationToken);
        context.Metrics.ChildSigned(wallet.Id);
        context.Faults.Reach(FaultPoint.ChildStored);
        await _broadcast.SendAsync(batch, attempt, cancellationToken);
        return true;
    }

    private Task StoreAsync(Batch batch, Attempt parent, Attempt child, IReadOnlyDictionary<string, BigInteger> shares, CancellationToken cancellationToken) => context.Database.ChangeAsync(
        async session =>
        {
            var now = context.Clock.GetUtcNow();
            await session.AddAttemptAsync(child, now);
            foreach (var (transfer, share) in shares)
            {
                if (batch.Members.Count > 1)
                    await session.AddShareAsync(batch.Owner, child.Number, transfer, Attempt.Child, share);
                await session.AppendChildEventAsync(batch.Members.Single(member => member.Transfer.Id == transfer).Transfer, parent, child, share, now);
            }
        },
        cancellationToken);

    private bool Hold(Batch batch, string reason)
    {
        context.Metrics.Held(batch.Owner, reason);
        return false;
    }

    /// <summary>Where a transaction that is in a block ends.</summary>
    /// <param name="Height">Of the block from which on it is in the chain, and its child with it; null: its child is in none, and what both cost is not known before.</param>
    /// <param name="Child">Number of the child; null: none is in the chain.</param>
    /// <param name="IsWaiting">Whether the child waits for a block.</param>
    internal sealed record Ending(long? Height, long? Child, bool IsWaiting);
}
