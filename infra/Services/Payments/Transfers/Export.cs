using System.Numerics;

namespace HaCluster.Payments.Transfers;

/// <summary>A transaction that waits for the signature of a cold key. It never changes; a later one of the same transfer has the same nonce or the same coins.</summary>
internal sealed record Export
{
    public required string Transfer { get; init; }

    /// <summary>That of the <see cref="Transfers.Attempt"/> which it becomes.</summary>
    public required long Number { get; init; }

    /// <summary>See <see cref="Attempt.Purpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>On Ethereum the order as JSON, on Bitcoin a PSBT in Base64.</summary>
    public required string Content { get; init; }

    public required BigInteger FeeRate { get; init; }

    public required BigInteger MaxFee { get; init; }

    public long CreatedAt { get; init; }
}
