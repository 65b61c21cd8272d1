using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>Forwarding on Ethereum, where a wallet spends what its sender has: deposits at other addresses of it are in the books too, but have keys of their own.</summary>
internal sealed class EthereumForwarding(EthereumNode node) : IForwardingChain
{
    public string Chain => Asset.Ethereum;

    public async Task<BigInteger?> SpendableAsync(Wallet wallet, CancellationToken cancellationToken) =>
        await node.FinalizedAsync(cancellationToken) is { } finalized ? await node.BalanceAsync(wallet.Sender!, EthereumNode.Hex(finalized.Number), cancellationToken) : 0;

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
