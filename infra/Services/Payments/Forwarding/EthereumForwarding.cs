using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>Forwarding on Ethereum, where a wallet spends what its sender has: deposits at other addresses of it are in the books too, but have keys of their own.</summary>
internal sealed class EthereumForwarding(EthereumNode node) : IForwardingChain
{
    public string Chain => Asset.Ethereum;

    public async Task<BigInteger?> SpendableAsync(Wallet wallet, Asset asset, CancellationToken cancellationToken)
    {
        if (await node.FinalizedAsync(cancellationToken) is not { } finalized)
            return 0;
        var block = EthereumNode.Hex(finalized.Number);
        return asset.Token is { } token ? await node.TokenBalanceAsync(token, wallet.Sender!, block, cancellationToken) : await node.BalanceAsync(wallet.Sender!, block, cancellationToken);
    }

    public async Task<IReadOnlyList<BigInteger>?> EstimateAsync(Wallet wallet, Asset asset, IReadOnlyList<(string Destination, BigInteger Amount)> parts, CancellationToken cancellationToken)
    {
        var (baseFee, tip) = await node.FeesAsync(cancellationToken);
        var fees = new List<BigInteger>();
        foreach (var (destination, _) in parts)
        {
            // What a receiver that is a contract does hardly depends on the amount; all of it could not be sent, since the fee comes out of it.
            var (receiver, value, data) = EthereumTransactions.Content(asset, destination, 1);
            var gas = await node.EstimateGasAsync(wallet.Sender!, receiver, value, data, cancellationToken);
            fees.Add(EthereumSigning.GasLimit(gas) * (baseFee + tip));
        }

        return fees;
    }
}
