using System.Numerics;

namespace HaCluster;

/// <summary>A wallet of the payments service.</summary>
/// <param name="Sender">Address that its transfers come from; null where it only receives, or has many.</param>
/// <param name="Forwarding">Whether its funds are forwarded automatically.</param>
/// <param name="SuspendedReason">Why forwarding is suspended; null while it is not.</param>
public sealed record WalletStatus(
    string Id, string Name, string Chain, string? Sender, IReadOnlyList<WalletBalance> Balances, ForwardingState Forwarding, string? SuspendedReason);

/// <summary>What a wallet has of an asset, in base units (satoshi, wei).</summary>
/// <param name="Available">Free to be transferred.</param>
/// <param name="Reserved">Held for transfers that have not ended.</param>
public sealed record WalletBalance(string Asset, BigInteger Available, BigInteger Reserved);

/// <summary>Whether the funds of a wallet are forwarded.</summary>
public enum ForwardingState
{
    /// <summary>It has no rule.</summary>
    Off,

    /// <summary>It has a rule, which is followed.</summary>
    On,

    /// <summary>It has a rule, and waits until someone resumes it.</summary>
    Suspended,
}

/// <summary>A transfer of the payments service.</summary>
/// <param name="Wallet">Id of the wallet that pays.</param>
/// <param name="Amount">In base units (satoshi, wei).</param>
/// <param name="State">As infra/Services/Payments/README.md draws them.</param>
/// <param name="ApprovalsNeeded">By other people than who asked, in all.</param>
/// <param name="Approvals">Who approved it; null in a list of transfers.</param>
/// <param name="TransactionId">Null until it is signed.</param>
/// <param name="Reason">Why it ended without being paid; null otherwise.</param>
public sealed record TransferStatus(
    string Id,
    string Wallet,
    string Asset,
    BigInteger Amount,
    string Destination,
    string State,
    long Confirmations,
    long ApprovalsNeeded,
    IReadOnlyList<string>? Approvals,
    string? TransactionId,
    string? Reason,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
