using System.Numerics;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>What a chain asks for now.</summary>
internal interface IForwardingFees
{
    string Chain { get; }

    /// <returns>A fee for each part, in their order; null: there is nothing to send yet.</returns>
    Task<IReadOnlyList<BigInteger>?> EstimateAsync(Wallet wallet, IReadOnlyList<(string Destination, BigInteger Amount)> parts, CancellationToken cancellationToken);
}
