using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>What forwarding has to know of a chain.</summary>
internal interface IForwardingChain
{
    string Chain { get; }

    /// <summary>What transfers of the wallet can spend of an asset, in blocks that count as irreversible, what is reserved included.</summary>
    /// <returns>Null: all that the books have.</returns>
    Task<BigInteger?> SpendableAsync(Wallet wallet, Asset asset, CancellationToken cancellationToken);

    /// <summary>What the chain asks for now.</summary>
    /// <returns>A fee for each part, in their order; null: there is nothing to send yet.</returns>
    Task<IReadOnlyList<BigInteger>?> EstimateAsync(Wallet wallet, Asset asset, IReadOnlyList<(string Destination, BigInteger Amount)> parts, CancellationToken cancellationToken);
}
