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

    /// <summary>Assets of a wallet that are in the books since they were opened.</summary>
    Task<IReadOnlyList<string>> AssetsAsync(Session session, Wallet wallet);

    /// <summary>What an asset of a wallet is on the chain.</summary>
    Task<BigInteger> BalanceAsync(Wallet wallet, string asset, BlockReference at, CancellationToken cancellationToken);

    /// <summary>What has left with a transfer that is open, by asset.</summary>
    Task<IReadOnlyList<(string Asset, BigInteger Amount)>> LeftAsync(OpenTransfer open, BlockReference at, CancellationToken cancellationToken);
}
