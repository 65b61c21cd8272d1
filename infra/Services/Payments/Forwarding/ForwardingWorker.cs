using System.Runtime.ExceptionServices;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Forwarding;

/// <summary>
/// Sends on what wallets have too much of, and brings what forwarders have to their wallets, by rules. A round is one transaction: its transfers and the note that it was begun. Whoever is killed has begun it
/// or not, and of two at once one has. The next round of a rule begins when all transfers of the last one have ended.
/// </summary>
/// <param name="chains">That have a node; wallets of others wait.</param>
/// <param name="sweeping">Null when no node of Ethereum, the chain with forwarders, was given.</param>
internal sealed class ForwardingWorker(
    Database database, IReadOnlyList<IForwardingChain> chains, ISweepingChain? sweeping, PaymentsMetrics metrics, IFaultPoints faults, TimeProvider clock) : IWorker
{
    private const string Actor = "forwarding";

    /// <summary>Rounds in a row that did not pay all, after which a person has to look.</summary>
    private const int MostFailures = 3;

    private readonly ForwardRounds _forwards = new(database, chains, faults, clock);
    private readonly SweepRounds _sweeps = new(database, sweeping, metrics, faults, clock);

    public string Name => "forwarding";

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken)
    {
        var rules = await database.ReadAsync(session => session.ForwardingsAsync(), cancellationToken);
        var now = clock.GetUtcNow();
        foreach (var rule in rules)
            metrics.Forwarding.Show(rule.Key, rule.SuspendedAt is not null, rule.WaitingSince is { } since ? now - DateTimeOffset.FromUnixTimeMilliseconds(since) : TimeSpan.Zero);
        return [.. rules.GroupBy(rule => rule.Wallet).Select(wallet => new WorkPart(wallet.Key, token => WorkAsync(wallet, token)))];
    }

    /// <summary>The rules of a wallet, one after the other: they share its coin for fees. One that fails, such as that of a token with which something is wrong, does not hold up the others.</summary>
    private async Task WorkAsync(IEnumerable<StoredForwarding> rules, CancellationToken cancellationToken)
    {
        Exception? failed = null;
        foreach (var rule in rules)
        {
            try
            {
                await WorkAsync(rule.Key, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failed ??= exception;
            }
        }

        if (failed is not null)
            ExceptionDispatchInfo.Throw(failed);
    }

    private async Task WorkAsync(RuleKey key, CancellationToken cancellationToken)
    {
        var rule = (await database.ReadAsync(session => session.ForwardingAsync(key), cancellationToken))!;
        if (rule.IsOpen == 1)
            rule = await EndAsync(rule, cancellationToken);
        if (rule is { IsOpen: 0, SuspendedAt: null } && rule.DueAt <= clock.GetUtcNow())
            await BeginAsync(rule, cancellationToken);
    }

    /// <summary>Ends the last round, if all its transfers have ended.</summary>
    private async Task<StoredForwarding> EndAsync(StoredForwarding rule, CancellationToken cancellationToken)
    {
        if (!(await database.ReadAsync(session => session.RoundAsync(rule.Key, rule.Round), cancellationToken)).All(transfer => TransferMachine.Ends.Contains(transfer.State)))
            return rule;
        faults.Reach(FaultPoint.ForwardEnding);
        var (isEnded, after) = await database.ChangeAsync(
            async session =>
            {
                var now = clock.GetUtcNow();
                var current = (await session.ForwardingAsync(rule.Key, forUpdate: true))!;
                if (current.IsOpen == 0 || current.Round != rule.Round)
                    return (false, current);
                await session.EndRoundAsync(current, await session.RoundAsync(rule.Key, rule.Round), now);
                current = (await session.ForwardingAsync(rule.Key))!;
                if (current.Failures >= MostFailures)
                    await session.SuspendAsync(rule.Key, $"{current.Failures} rounds in a row did not pay all of their transfers", Actor, now);
                return (true, (await session.ForwardingAsync(rule.Key))!);
            },
            cancellationToken);
        faults.Reach(FaultPoint.ForwardEnded);
        if (isEnded)
            metrics.Forwarding.Ended(rule.Key, rule.Round, isPaid: after.Failures == 0);
        if (isEnded && after.Failures >= MostFailures)
            metrics.Alarm(rule.Wallet, $"{(rule.Kind == RuleKey.Sweep ? "sweeping" : "forwarding")} is suspended for {rule.Asset}: {after.SuspendedReason}");
        return after;
    }

    private async Task BeginAsync(StoredForwarding rule, CancellationToken cancellationToken)
    {
        var wallet = (await database.ReadAsync(session => session.WalletAsync(rule.Wallet), cancellationToken))!;
        ForwardingPlan? plan;
        try
        {
            plan = await (rule.Kind == RuleKey.Sweep ? (IRounds)_sweeps : _forwards).BeginAsync(rule, wallet, cancellationToken);
        }
        catch (NodeRefusedException exception)
        {
            plan = new ForwardingPlan.Waits($"the node says that it would fail: {exception.Reason}");
        }

        if (plan is ForwardingPlan.Pays pays)
            metrics.Forwarding.Started(rule.Key, rule.Round + 1, pays.Parts.Count);
        else if (plan is not null)
            await WaitAsync(rule, (plan as ForwardingPlan.Waits)?.Reason, cancellationToken);
    }

    private async Task WaitAsync(StoredForwarding rule, string? reason, CancellationToken cancellationToken)
    {
        if (rule.Waiting != reason && await database.ChangeAsync(session => session.WaitAsync(rule, reason, clock.GetUtcNow()), cancellationToken) && reason is not null)
            metrics.Forwarding.Waits(rule.Key, reason);
    }
}
