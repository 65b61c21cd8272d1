using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Books;

/// <summary>What a node says that the wallets have.</summary>
internal interface IChainBalances
{
    string Chain { get; }

    /// <summary>Whether the node can say it of this block, and all that is booked as final is in it or below.</summary>
    Task<bool> IsAtAsync(BlockReference scanned, CancellationToken cancellationToken);

    /// <summary>Assets of each wallet that are in the books since they were opened.</summary>
    Task<Func<Wallet, IReadOnlyList<string>>> AssetsAsync(Session session);

    /// <summary>What wallets have on the chain.</summary>
    /// <returns>Null: the next round goes on, or the comparison is over.</returns>
    Task<ChainBalances?> ReadAsync(Comparison comparison, CancellationToken cancellationToken);

    /// <summary>Whether all that was asked since <see cref="IsAtAsync"/> said so was of this block.</summary>
    Task<bool> IsStillAtAsync(BlockReference at, CancellationToken cancellationToken);

    /// <summary>What has left with a transfer that is open, by asset.</summary>
    Task<IReadOnlyList<(string Asset, BigInteger Amount)>> LeftAsync(OpenTransfer open, BlockReference at, CancellationToken cancellationToken);
}

/// <summary>What wallets have on the chain, by wallet and asset.</summary>
/// <param name="Method">How the node was asked: one of <see cref="ReconciliationMethod"/>.</param>
/// <param name="IsOfOneBlock">Whether the node has said which block it speaks of: then it does not matter what has come since.</param>
/// <param name="NotFound">Coins of the wallets that the watcher has not found.</param>
internal sealed record ChainBalances(string Method, IReadOnlyDictionary<(string Wallet, string Asset), BigInteger> Amounts, bool IsOfOneBlock, IReadOnlyList<UnspentCoin> NotFound)
{
    /// <summary>Assets that could not be read, and why: they are not compared.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();
}
