using System.Numerics;

namespace HaCluster.Payments.Scanning;

/// <summary>Coins that came to an address of a wallet.</summary>
internal sealed record Deposit
{
    /// <summary>In a memory pool: not in the books.</summary>
    public const string Seen = "seen";

    /// <summary>It was seen, and the node no longer has it.</summary>
    public const string Dropped = "dropped";

    /// <summary>Another transaction uses up the same coins or the same nonce.</summary>
    public const string Replaced = "replaced";

    /// <summary>In a block that may still be replaced.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>In a block that counts as irreversible.</summary>
    public const string Final = "final";

    /// <summary>In a block, and too small by the rules: in the books on an account of its own, and never spent.</summary>
    public const string Ignored = "ignored";

    /// <summary>Its block is no longer part of the chain.</summary>
    public const string Orphaned = "orphaned";

    public static readonly string[] States = [Seen, Dropped, Replaced, Confirmed, Final, Ignored, Orphaned];

    /// <summary>Made of the transaction and its output: the same coins are the same deposit, in whichever block.</summary>
    public required string Id { get; init; }

    public required string Chain { get; init; }

    public required string Wallet { get; init; }

    public required string Address { get; init; }

    public required string Asset { get; init; }

    public required BigInteger Amount { get; init; }

    public required string Txid { get; init; }

    /// <summary>Of the output on Bitcoin, of the log in its transaction for a token.</summary>
    public long Position { get; init; }

    /// <summary>Null: it is in no block.</summary>
    public string? Block { get; init; }

    public long? Height { get; init; }

    /// <summary>Its place there: of its transaction for ether, of its log for a token.</summary>
    public long Place { get; init; }

    /// <summary>How often it came into a block: more than once after a reorganisation.</summary>
    public long Arrivals { get; init; }

    /// <summary>Blocks until it is final, with its own; <see cref="FinalityRule.Finalized"/>: until the chain calls its block finalized.</summary>
    public long Needed { get; init; }

    /// <summary>1: it came after its address expired.</summary>
    public long IsLate { get; init; }

    /// <summary>It came to a forwarder: it can be spent when it is swept.</summary>
    public bool AtForwarder { get; init; }

    /// <summary>The sweep (<see cref="Sweep"/>) after which it can be spent; null: it is at its address.</summary>
    public string? SweptBy { get; init; }

    /// <summary>How often it was booked as swept: more than once after a reorganisation.</summary>
    public long Sweeps { get; init; }

    /// <summary>The transaction that took its place.</summary>
    public string? ReplacedBy { get; init; }

    public required string State { get; init; }

    /// <summary>Whether the books have it where it may be spent.</summary>
    public bool IsSpendable => State == Final && (!AtForwarder || SweptBy is not null);

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}
