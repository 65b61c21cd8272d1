using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Forwarding;

/// <summary>
/// Rounds that bring what forwarders have to the wallet's sender, in one transaction for all of them. It is a transfer of the wallet to itself: it has a nonce, a largest fee and stored bytes like any other, and no
/// destination but the sender. What it has moved is booked when the watcher finds it, not when it is asked for.
/// </summary>
/// <param name="chain">Null when no node was given.</param>
internal sealed class SweepRounds(Database database, ISweepingChain? chain, PaymentsMetrics metrics, IFaultPoints faults, TimeProvider clock) : IRounds
{
    private const string Actor = "sweeping";

    /// <summary>Addresses that are tried one by one in a round, when some fail.</summary>
    private const int MostTried = 200;

    public async Task<ForwardingPlan?> BeginAsync(StoredForwarding rule, Wallet wallet, CancellationToken cancellationToken)
    {
        var asset = rule.ReadAsset();
        var (scanned, unswept) = await database.ReadAsync(async session => (await session.ScannedAsync(wallet.Chain), await session.UnsweptAsync(wallet.Id, rule.Asset)), cancellationToken);
        // The largest first: what each of them costs is the same.
        var eligible = unswept.Where(one => one.Amount >= rule.Rule.SmallestAmount).ToArray();
        if (Sum(eligible.Take(ForwarderContract.MostForwarders)) < rule.Rule.LeastAmount)
            return new ForwardingPlan.Idle();
        if (chain is null)
            return new ForwardingPlan.Waits($"the service has no node of {wallet.Chain}");
        if (await chain.ObstacleAsync(scanned, cancellationToken) is { } obstacle)
            return new ForwardingPlan.Waits(obstacle);
        eligible = await FullAsync(asset, eligible, cancellationToken);
        if (Sum(eligible.Take(ForwarderContract.MostForwarders)) < rule.Rule.LeastAmount)
            return new ForwardingPlan.Waits("the addresses with the largest balances in the books are empty on the chain: the watcher has not yet scanned the block in which they were swept");
        var (chosen, fee) = await ChooseAsync(wallet, asset, eligible, cancellationToken);
        if (Sum(chosen) < rule.Rule.LeastAmount)
            return new ForwardingPlan.Waits("the node says that sweeping the addresses with the largest balances would fail; the log names them");
        faults.Reach(FaultPoint.ForwardChosen);
        var plan = await database.ChangeAsync(session => BeginAsync(session, rule, asset, chosen, fee), cancellationToken);
        faults.Reach(FaultPoint.ForwardStored);
        return plan;
    }

    /// <summary>
    /// Those that the chain, too, says to have something. Where an asset is final after few blocks, the last sweep may have ended before the watcher has looked through its block; and anybody may have swept. A sweep of
    /// empty addresses would move nothing and cost its fee, and one whose gas was estimated while some are empty would run out of it if they were paid by then.
    /// </summary>
    private async Task<Unswept[]> FullAsync(Asset asset, Unswept[] eligible, CancellationToken cancellationToken)
    {
        var asked = eligible[..Math.Min(eligible.Length, MostTried)];
        var empty = await chain!.EmptyAsync(asset, [.. asked.Select(one => one.Address)], cancellationToken);
        return [.. asked.Where(one => !empty.Contains(one.Address))];
    }

    /// <summary>As many as one sweep takes. One that fails, such as one that the token's owner has blocked, does not hold up the others.</summary>
    /// <returns>Those, and what the chain asks for them.</returns>
    private async Task<(Unswept[] Chosen, BigInteger Fee)> ChooseAsync(Wallet wallet, Asset asset, Unswept[] eligible, CancellationToken cancellationToken)
    {
        var first = eligible[..Math.Min(eligible.Length, ForwarderContract.MostForwarders)];
        if (await TryAsync(first) is { Fee: { } ofAll })
            return (first, ofAll);
        var working = new List<Unswept>();
        foreach (var one in eligible.Take(MostTried))
        {
            if (working.Count == ForwarderContract.MostForwarders)
                break;
            if (await TryAsync([one]) is { Reason: { } reason })
                metrics.Forwarding.NotSwept(wallet.Id, $"{one.Address} has {one.Amount} of {asset}, and cannot be swept: {reason}");
            else
                working.Add(one);
        }

        // Each can be swept; together they may be more than a transaction has room for.
        for (var count = working.Count; count > 0; count /= 2)
        {
            Unswept[] chosen = [.. working.Take(count)];
            if (await TryAsync(chosen) is { Fee: { } fee })
                return (chosen, fee);
        }

        return ([], 0);

        async Task<(BigInteger? Fee, string? Reason)> TryAsync(Unswept[] some)
        {
            try
            {
                return (await chain!.EstimateAsync(wallet, asset, [.. some.Select(one => one.Word).Order(StringComparer.Ordinal)], cancellationToken), null);
            }
            catch (NodeRefusedException exception)
            {
                return (null, exception.Reason);
            }
        }
    }

    /// <summary>The whole of a round's beginning.</summary>
    private async Task<ForwardingPlan> BeginAsync(Session session, StoredForwarding read, Asset asset, Unswept[] chosen, BigInteger fee)
    {
        var now = clock.GetUtcNow();
        var wallet = (await session.WalletAsync(read.Wallet, forUpdate: true))!;
        if (await session.SameRuleAsync(read) is not { } rule)
            return new ForwardingPlan.Idle();
        if (await session.IsStoppedAsync())
            return new ForwardingPlan.Waits("the kill switch is on");
        var limits = (await session.PolicyAsync(wallet.Id, now))?.Assets.GetValueOrDefault(asset.ToString());
        var forFees = await session.BalanceAsync(Account.Available(wallet.Id), asset.Fee.ToString());
        var plan = ForwardingPlan.OfSweep(rule.Rule, asset, wallet.Sender!, Sum(chosen), fee, forFees, limits);
        if (plan is not ForwardingPlan.Pays { Parts: [var part] })
            return plan;
        var transfer = new Transfer
        {
            Id = Ids.New("trf", now),
            Kind = Transfer.Sweep,
            Wallet = wallet.Id,
            Chain = wallet.Chain,
            Asset = asset.ToString(),
            FeeAsset = asset.Fee.ToString(),
            Destination = part.Destination,
            Amount = part.Amount,
            MaxFee = part.MaxFee,
            State = TransferState.Created,
            CreatedBy = Actor,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            UpdatedAt = now.ToUnixTimeMilliseconds(),
        };
        await session.CreateAsync(transfer, now);
        await session.AddSweepForwardersAsync(transfer.Id, chosen.Select(one => one.Position).Order());
        transfer = await session.MoveAsync(transfer, TransferEvent.Approve, "policy", now) ?? throw new InvalidOperationException($"transfer {transfer.Id} is new and was changed");
        await session.BeginRoundAsync(rule, [transfer], now);
        return plan;
    }

    private static BigInteger Sum(IEnumerable<Unswept> some) => some.Aggregate(BigInteger.Zero, (sum, one) => sum + one.Amount);
}
