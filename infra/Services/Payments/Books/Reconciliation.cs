using System.Numerics;

namespace HaCluster.Payments.Books;

/// <summary>A comparison of the books with a chain, at one block.</summary>
internal sealed record Reconciliation
{
    public required string Id { get; init; }

    public required string Chain { get; init; }

    public required string RequestedBy { get; init; }

    public long RequestedAt { get; init; }

    /// <summary>Null: it waits.</summary>
    public long? FinishedAt { get; init; }

    public long? Height { get; init; }

    public string? Block { get; init; }

    /// <summary>One of <see cref="ReconciliationMethod"/>; null: it waits, or was done before this was written down.</summary>
    public string? Method { get; init; }
}

/// <summary>How a node was asked what wallets have: what a comparison can notice depends on it.</summary>
internal static class ReconciliationMethod
{
    /// <summary>The balance of each address, which Ethereum keeps: all that the wallets have is in it.</summary>
    public const string Balances = "balances";

    /// <summary>All unspent coins of Bitcoin were searched for the addresses of the wallets: also one that the watcher has not found.</summary>
    public const string UnspentSet = "unspent-set";

    /// <summary>Each coin that the watcher has found: one that it has not found is not noticed.</summary>
    public const string KnownCoins = "known-coins";
}

/// <summary>What it found of an asset of a wallet.</summary>
internal sealed record ReconciliationResult
{
    public required string Wallet { get; init; }

    public required string Asset { get; init; }

    /// <summary>What the accounts of the wallet sum to.</summary>
    public required BigInteger Booked { get; init; }

    /// <summary>What has left on the chain and will be booked when it is final.</summary>
    public required BigInteger InFlight { get; init; }

    public required BigInteger OnChain { get; init; }

    /// <summary>What the chain has more than it should.</summary>
    public required BigInteger Difference { get; init; }
}
