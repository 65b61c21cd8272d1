using System.Numerics;

namespace HaCluster.Payments.Scanning;

/// <summary>Coins that came to an address of a wallet.</summary>
internal sealed record Deposit
{
    public const string Confirmed = "confirmed";
    public const string Final = "final";
    public const string Orphaned = "orphaned";

    /// <summary>Made of the transaction and its output: the same coins are the same deposit, in whichever block.</summary>
    public required string Id { get; init; }

    public required string Wallet { get; init; }

    public required string Address { get; init; }

    public required string Asset { get; init; }

    public required BigInteger Amount { get; init; }

    public required string Txid { get; init; }

    public long Position { get; init; }

    public required string Block { get; init; }

    public long Height { get; init; }

    /// <summary>How often it came into a block: more than once after a reorganisation.</summary>
    public long Arrivals { get; init; }

    public required string State { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}
