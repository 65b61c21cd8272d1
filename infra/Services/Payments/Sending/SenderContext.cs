using HaCluster.Payments.Metrics;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sending;

/// <summary>What every sender works with.</summary>
/// <param name="Signer">Null: only what cold keys sign goes out.</param>
internal sealed record SenderContext(Database Database, ISigner? Signer, Networks Networks, PaymentsMetrics Metrics, IFaultPoints Faults, TimeProvider Clock, SenderOptions Options);

/// <summary>How patient a sender is.</summary>
internal sealed record SenderOptions
{
    /// <summary>Between two rounds.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A replica that dies is replaced after this.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After which a transaction that is in no block is replaced by one that pays more.</summary>
    public TimeSpan BumpAfter { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Transfers of a wallet that are worked on at a time, the oldest first.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>Blocks after which a payment of Bitcoin counts as irreversible.</summary>
    public int BitcoinConfirmations { get; init; } = 6;
}
