using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>How rounds of a kind begin (<see cref="RuleKey.Kind"/>).</summary>
internal interface IRounds
{
    /// <summary>Begins a round if there is enough and nothing is in the way: its transfers and the note that it was begun are one transaction.</summary>
    /// <returns>What was done; null: nothing can be said now.</returns>
    Task<ForwardingPlan?> BeginAsync(StoredForwarding rule, Wallet wallet, CancellationToken cancellationToken);
}
