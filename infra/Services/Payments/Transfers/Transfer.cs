using System.Numerics;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Transfers;

/// <summary>A payment out of a wallet, as the store has it.</summary>
internal sealed record Transfer
{
    /// <summary>Pays the destination.</summary>
    public const string Payment = "payment";

    /// <summary>Has forwarders send what they have to the wallet's own sender: only the fee leaves.</summary>
    public const string Sweep = "sweep";

    public required string Id { get; init; }

    /// <summary><see cref="Payment"/> or <see cref="Sweep"/>.</summary>
    public string Kind { get; init; } = Payment;

    public required string Wallet { get; init; }

    public required string Chain { get; init; }

    public required string Asset { get; init; }

    public required string FeeAsset { get; init; }

    public required string Destination { get; init; }

    public required BigInteger Amount { get; init; }

    /// <summary>The most that may be paid in fees, over all attempts, in <see cref="FeeAsset"/>.</summary>
    public required BigInteger MaxFee { get; init; }

    /// <summary>Paid in the end; null: not known yet.</summary>
    public BigInteger? Fee { get; init; }

    public required TransferState State { get; init; }

    public long Confirmations { get; init; }

    public long ApprovalsNeeded { get; init; }

    /// <summary>The transaction that is in a block; null: none is.</summary>
    public string? Txid { get; init; }

    public string? Block { get; init; }

    public string? Reason { get; init; }

    public required string CreatedBy { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    /// <summary>Counts changes: who changes a transfer names the one that it has read.</summary>
    public long Version { get; init; } = 1;

    public Asset ReadAsset() => Amounts.Asset.TryParse(Asset, out var asset) ? asset : throw new InvalidOperationException($"transfer {Id} has the asset {Asset}");
}
