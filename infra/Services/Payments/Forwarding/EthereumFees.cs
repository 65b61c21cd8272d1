using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>Fees of Ethereum, as the next block asks for them.</summary>
internal sealed class EthereumFees(EthereumNode node) : IForwardingFees
{
    public string Chain => Asset.Ethereum;

    public async Task<IReadOnlyList<BigInteger>?> EstimateAsync(Wallet wallet, IReadOnlyList<(string Destination, BigInteger Amount)> parts, CancellationToken cancellationToken)
    {
        var (baseFee, tip) = await node.FeesAsync(cancellationToken);
        var fees = new List<BigInteger>();
        foreach (var (destination, _) in parts)
        {
            // What a receiver that is a contract does hardly depends on the amount; all of it could not be sent, since the fee comes out of it.
            var gas = await node.EstimateGasAsync(wallet.Sender!, destination, 1, "", cancellationToken);
            fees.Add(EthereumSender.GasLimit(gas) * (baseFee + tip));
        }

        return fees;
    }
}
