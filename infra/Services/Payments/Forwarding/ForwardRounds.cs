using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Forwarding;

/// <summary>Rounds that pay destinations: transfers like those that people ask for.</summary>
/// <param name="chains">That have a node; wallets of others wait.</param>
internal sealed class ForwardRounds(Database database, IReadOnlyList<IForwardingChain> chains, IFaultPoints faults, TimeProvider clock) : IRounds
{
    private const string Actor = "forwarding";

    public async Task<ForwardingPlan?> BeginAsync(StoredForwarding rule, Wallet wallet, CancellationToken cancellationToken)
    {
        var asset = rule.ReadAsset();
        if (chains.FirstOrDefault(one => one.Chain == wallet.Chain) is not { } chain)
            return new ForwardingPlan.Waits($"the service has no node of {wallet.Chain}");
        var funds = await FundsAsync(chain, wallet, asset, cancellationToken);
        var available = await database.ReadAsync(session => AvailableAsync(session, wallet, asset, funds), cancellationToken);
        if (available - rule.Rule.ReservedAmount < rule.Rule.LeastAmount)
            return new ForwardingPlan.Idle();
        var forFees = asset.Token is null ? funds : await FundsAsync(chain, wallet, asset.Fee, cancellationToken);
        if (await chain.EstimateAsync(wallet, asset, ForwardingPlan.Draft(rule.Rule, available), cancellationToken) is not { } asked)
            return null;
        faults.Reach(FaultPoint.ForwardChosen);
        try
        {
            var plan = await database.ChangeAsync(session => BeginAsync(session, rule, asset, funds, forFees, asked), cancellationToken);
            faults.Reach(FaultPoint.ForwardStored);
            return plan;
        }
        catch (RefusedRoundException exception)
        {
            return new ForwardingPlan.Waits($"the policy refuses it: {exception.Message}");
        }
    }

    /// <summary>The whole of a round's beginning.</summary>
    /// <exception cref="RefusedRoundException">The policy refuses a part; nothing of the round is to be kept.</exception>
    private async Task<ForwardingPlan> BeginAsync(Session session, StoredForwarding read, Asset asset, Funds funds, Funds forFees, IReadOnlyList<BigInteger> asked)
    {
        var now = clock.GetUtcNow();
        var wallet = (await session.WalletAsync(read.Wallet, forUpdate: true))!;
        if (await session.SameRuleAsync(read) is not { } rule
            || funds.Reserved != await session.BalanceAsync(Account.Reserved(wallet.Id), asset.ToString())
            || forFees.Reserved != await session.BalanceAsync(Account.Reserved(wallet.Id), asset.Fee.ToString()))
            return new ForwardingPlan.Idle();
        var plan = ForwardingPlan.Of(
            rule.Rule, asset, await AvailableAsync(session, wallet, asset, funds), await AvailableAsync(session, wallet, asset.Fee, forFees), asked,
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

    private async Task<Funds> FundsAsync(IForwardingChain chain, Wallet wallet, Asset asset, CancellationToken cancellationToken)
    {
        // In this order: what ends in between is counted twice, not never.
        var reserved = await database.ReadAsync(session => session.BalanceAsync(Account.Reserved(wallet.Id), asset.ToString()), cancellationToken);
        return new Funds(await chain.SpendableAsync(wallet, asset, cancellationToken), reserved);
    }

    /// <summary>Final funds that nothing is reserved of, by the books and by the chain.</summary>
    private static async Task<BigInteger> AvailableAsync(Session session, Wallet wallet, Asset asset, Funds funds)
    {
        var available = await session.BalanceAsync(Account.Available(wallet.Id), asset.ToString());
        // What transfers that have not ended may take is part of what the chain has at a final block.
        return funds.Spendable is { } spendable ? BigInteger.Min(available, spendable - funds.Reserved) : available;
    }

    /// <param name="Spendable">See <see cref="IForwardingChain.SpendableAsync"/>.</param>
    /// <param name="Reserved">What was reserved before the chain was asked.</param>
    private sealed record Funds(BigInteger? Spendable, BigInteger Reserved);

    private sealed class RefusedRoundException(Verdict.Refused verdict) : Exception($"{verdict.Code}: {verdict.Detail}");
}
