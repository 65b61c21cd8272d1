using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Sending;

/// <summary>What every sender works with.</summary>
/// <param name="Signer">Null: only what cold keys sign goes out.</param>
/// <param name="Finality">When a payment counts as irreversible: as a deposit of the same amount does.</param>
internal sealed record SenderContext(Database Database, ISigner? Signer, Networks Networks, PaymentsMetrics Metrics, IFaultPoints Faults, TimeProvider Clock, SenderOptions Options, DepositRules Finality)
{
    /// <summary>Tells how many transfers of a wallet have not ended, and how old the oldest is.</summary>
    public void Show(string wallet, OpenTransfers open) =>
        Metrics.Open(wallet, open.Count, open.Oldest is { } oldest ? Clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest) : TimeSpan.Zero);

    /// <summary>Whether a transaction has waited for so long that it is to pay more.</summary>
    public bool IsLate(Attempt attempt) => Clock.GetUtcNow().ToUnixTimeMilliseconds() - (attempt.BroadcastAt ?? attempt.CreatedAt) >= Options.BumpAfter.TotalMilliseconds;

    /// <summary>Whether a payment is neither signed nor sent now, whatever became of it before; the log says why.</summary>
    /// <param name="name">Id of the transfer, or of the owner of several.</param>
    /// <param name="paid">That one transaction pays.</param>
    public async Task<bool> HoldsAsync(string name, IReadOnlyCollection<Transfer> paid, CancellationToken cancellationToken)
    {
        if (await Database.ReadAsync(session => session.ProblemAsync(paid, Clock.GetUtcNow()), cancellationToken) is not { } problem)
            return false;
        Metrics.Held(name, problem);
        return true;
    }

    /// <summary>Tells of a change of state.</summary>
    /// <param name="moved">Null: nothing was changed.</param>
    public void LogMove(Transfer? moved, Transfer before)
    {
        if (moved is not null && moved.State != before.State)
            Metrics.Moved(moved.Wallet, moved.Id, TransferMachine.Name(moved.State));
    }
}

/// <summary>How patient a sender is.</summary>
internal sealed record SenderOptions
{
    /// <summary>Between two rounds.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A replica that dies is replaced after this.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After which a transaction that is in no block is replaced by one that pays more.</summary>
    public TimeSpan BumpAfter { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Transfers of a wallet that a round works on, of those with a transaction and of those without.</summary>
    public int PerRound { get; init; } = 100;
}
