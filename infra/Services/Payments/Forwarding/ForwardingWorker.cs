using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Payments.Working;

namespace HaCluster.Payments.Forwarding;

/// <summary>
/// Sends on what wallets have too much of, by their rules. A round is one transaction: its transfers, which are like those that people ask for, and the note that it was begun. Whoever is killed has begun it
/// or not, and of two at once one has. The next round begins when all transfers of the last one have ended.
/// </summary>
/// <param name="chains">That have a node; wallets of others wait.</param>
internal sealed class ForwardingWorker(Database database, IReadOnlyList<IForwardingChain> chains, PaymentsMetrics metrics, IFaultPoints faults, TimeProvider clock) : IWorker
{
    private const string Actor = "forwarding";

    /// <summary>Rounds in a row that did not pay all, after which a person has to look.</summary>
    private const int MostFailures = 3;

    public string Name => "forwarding";

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken)
    {
        var rules = await database.ReadAsync(session => session.ForwardingsAsync(), cancellationToken);
        foreach (var rule in rules)
            metrics.Forwarding.Suspended(rule.Wallet, rule.SuspendedAt is not null);
        return [.. rules.Select(rule => new WorkPart(rule.Wallet, token => WorkAsync(rule.Wallet, token)))];
    }

    private async Task WorkAsync(string wallet, CancellationToken cancellationToken)
    {
        var rule = (await database.ReadAsync(session => session.ForwardingAsync(wallet), cancellationToken))!;
        if (rule.IsOpen == 1)
            rule = await EndAsync(rule, cancellationToken);
        if (rule is { IsOpen: 0, SuspendedAt: null } && rule.DueAt <= clock.GetUtcNow())
            await BeginAsync(rule, cancellationToken);
    }

    /// <summary>Ends the last round, if all its transfers have ended.</summary>
    private async Task<StoredForwarding> EndAsync(StoredForwarding rule, CancellationToken cancellationToken)
    {
        if (!(await database.ReadAsync(session => session.RoundAsync(rule.Wallet, rule.Round), cancellationToken)).All(transfer => TransferMachine.Ends.Contains(transfer.State)))
            return rule;
        faults.Reach(FaultPoint.ForwardEnding);
        var (isEnded, after) = await database.ChangeAsync(
            async session =>
            {
                var now = clock.GetUtcNow();
                var current = (await session.ForwardingAsync(rule.Wallet, forUpdate: true))!;
                if (current.IsOpen == 0 || current.Round != rule.Round)
                    return (false, current);
                await session.EndRoundAsync(current, await session.RoundAsync(rule.Wallet, rule.Round), now);
                current = (await session.ForwardingAsync(rule.Wallet))!;
                if (current.Failures >= MostFailures)
                    await session.SuspendForwardingAsync(rule.Wallet, $"{current.Failures} rounds in a row did not pay all of their transfers", Actor, now);
                return (true, (await session.ForwardingAsync(rule.Wallet))!);
            },
            cancellationToken);
        faults.Reach(FaultPoint.ForwardEnded);
        if (isEnded)
            metrics.Forwarding.Ended(rule.Wallet, rule.Round, isPaid: after.Failures == 0);
        if (isEnded && after.Failures >= MostFailures)
            metrics.Alarm(rule.Wallet, $"forwarding is suspended: {after.SuspendedReason}");
        return after;
    }

    private async Task BeginAsync(StoredForwarding rule, CancellationToken cancellationToken)
    {
        var wallet = (await database.ReadAsync(session => session.WalletAsync(rule.Wallet), cancellationToken))!;
        var asset = new Asset(wallet.Chain);
        if (chains.FirstOrDefault(one => one.Chain == wallet.Chain) is not { } chain)
        {
            await WaitAsync(rule, $"the service has no node of {wallet.Chain}", cancellationToken);
            return;
        }

        // In this order: what ends in between is counted twice, not never.
        var reserved = await database.ReadAsync(session => session.BalanceAsync(Account.Reserved(wallet.Id), asset.ToString()), cancellationToken);
        var funds = new Funds(await chain.SpendableAsync(wallet, cancellationToken), reserved);
        var available = await database.ReadAsync(session => AvailableAsync(session, wallet, asset, funds), cancellationToken);
        if (available - rule.Rule.ReservedAmount < rule.Rule.LeastAmount)
        {
            await WaitAsync(rule, null, cancellationToken);
            return;
        }

        ForwardingPlan plan;
        try
        {
            if (await chain.EstimateAsync(wallet, ForwardingPlan.Draft(rule.Rule, available), cancellationToken) is not { } asked)
                return;
            faults.Reach(FaultPoint.ForwardChosen);
            plan = await database.ChangeAsync(session => BeginAsync(session, rule, asset, funds, asked), cancellationToken);
            faults.Reach(FaultPoint.ForwardStored);
        }
        catch (RefusedRoundException exception)
        {
            plan = new ForwardingPlan.Waits($"the policy refuses it: {exception.Message}");
        }
        catch (NodeRefusedException exception)
        {
            plan = new ForwardingPlan.Waits($"the node says that it would fail: {exception.Reason}");
        }

        if (plan is ForwardingPlan.Pays pays)
            metrics.Forwarding.Started(rule.Wallet, rule.Round + 1, pays.Parts.Count);
        else
            await WaitAsync(rule, (plan as ForwardingPlan.Waits)?.Reason, cancellationToken);
    }

    /// <summary>The whole of a round's beginning.</summary>
    /// <exception cref="RefusedRoundException">The policy refuses a part; nothing of the round is to be kept.</exception>
    private async Task<ForwardingPlan> BeginAsync(Session session, StoredForwarding read, Asset asset, Funds funds, IReadOnlyList<BigInteger> asked)
    {
        var now = clock.GetUtcNow();
        var wallet = (await session.WalletAsync(read.Wallet, forUpdate: true))!;
        var rule = (await session.ForwardingAsync(read.Wallet, forUpdate: true))!;
        if ((rule.Version, rule.Round, rule.IsOpen, rule.SuspendedAt) != (read.Version, read.Round, 0, null)
            || funds.Reserved != await session.BalanceAsync(Account.Reserved(wallet.Id), asset.ToString()))
            return new ForwardingPlan.Idle();
        var plan = ForwardingPlan.Of(
            rule.Rule, wallet.Chain, await AvailableAsync(session, wallet, asset, funds), asked,
            (await session.PolicyAsync(wallet.Id, now))?.Assets.GetValueOrDefault(asset.ToString()),
            await session.SpentSinceAsync(wallet.Id, asset.ToString(), now - TransferIntake.Day));
        if (plan is not ForwardingPlan.Pays pays)
            return plan;
        var transfers = new List<Transfer>();
        foreach (var part in pays.Parts)
        {
            transfers.Add(await session.AskAsync(wallet, asset, part.Destination, part.Amount, part.MaxFee, Actor, now) switch
            {
                Intake.Accepted accepted => accepted.Transfer,
                Intake.Refused { Verdict: var refused } => throw new RefusedRoundException(refused),
                _ => throw new InvalidOperationException("an intake without an answer"),
            });
        }

        await session.BeginRoundAsync(rule, transfers, now);
        return pays;
    }

    /// <summary>Final funds that nothing is reserved of, by the books and by the chain.</summary>
    private static async Task<BigInteger> AvailableAsync(Session session, Wallet wallet, Asset asset, Funds funds)
    {
        var available = await session.BalanceAsync(Account.Available(wallet.Id), asset.ToString());
        // What transfers that have not ended may take is part of what the chain has at a final block.
        return funds.Spendable is { } spendable ? BigInteger.Min(available, spendable - funds.Reserved) : available;
    }

    private async Task WaitAsync(StoredForwarding rule, string? reason, CancellationToken cancellationToken)
    {
        if (rule.Waiting != reason && await database.ChangeAsync(session => session.WaitAsync(rule, reason, clock.GetUtcNow()), cancellationToken) && reason is not null)
            metrics.Forwarding.Waits(rule.Wallet, reason);
    }

    /// <param name="Spendable">See <see cref="IForwardingChain.SpendableAsync"/>.</param>
    /// <param name="Reserved">What was reserved before the chain was asked.</param>
    private sealed record Funds(BigInteger? Spendable, BigInteger Reserved);

    private sealed class RefusedRoundException(Verdict.Refused verdict) : Exception($"{verdict.Code}: {verdict.Detail}");
}
