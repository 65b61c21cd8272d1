using System.Numerics;

namespace HaCluster.Payments.Wallets;

/// <summary>A coin of Bitcoin: an output that a wallet can spend.</summary>
internal sealed record Coin
{
    /// <summary>Of a coin whose block was replaced.</summary>
    public const long NotInChain = -1;

    /// <summary>As <c>txid:index</c>.</summary>
    public required string Outpoint { get; init; }

    public required string Wallet { get; init; }

    public long Branch { get; init; }

    public long Position { get; init; }

    public required BigInteger Amount { get; init; }

    public long Height { get; init; }

    /// <summary>The transfer that spends it, and no other ever does.</summary>
    public string? ReservedBy { get; init; }

    /// <summary>The transaction in a block that spent it.</summary>
    public string? SpentBy { get; init; }

    public long? SpentHeight { get; init; }
}
