using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sweeping;

/// <summary>What sweeping has to know of the chain.</summary>
internal interface ISweepingChain
{
    /// <summary>Why nothing can be swept now.</summary>
    /// <param name="scanned">The last block that was looked through; null: none was.</param>
    /// <returns>Null: it can.</returns>
    Task<string?> ObstacleAsync(BlockReference? scanned, CancellationToken cancellationToken);

    /// <summary>Addresses of some that have nothing of an asset at the newest block: a sweep of them is in a block that the watcher has not looked through.</summary>
    Task<IReadOnlySet<string>> EmptyAsync(Asset asset, IReadOnlyList<string> addresses, CancellationToken cancellationToken);

    /// <summary>What the chain asks for a sweep now.</summary>
    /// <exception cref="NodeRefusedException">It would fail, or be too large.</exception>
    Task<BigInteger> EstimateAsync(Wallet wallet, Asset asset, IReadOnlyList<string> salts, CancellationToken cancellationToken);
}

/// <summary>Ethereum, where the contract is that of <see cref="ForwarderContract"/>.</summary>
internal sealed class EthereumSweeping(EthereumNode node) : ISweepingChain
{
    private bool _isDeployed;

    public async Task<string?> ObstacleAsync(BlockReference? scanned, CancellationToken cancellationToken)
    {
        if (!_isDeployed)
        {
            var code = await node.CodeAsync(ForwarderContract.Address, cancellationToken);
            if (code == "0x")
                return $"the contract {ForwarderContract.Address} is not on this chain yet: `payments forwarders` says how to deploy it, which anybody can";
            if (ForwarderContract.HashOf(code) is var hash && hash != ForwarderContract.CodeHash)
                return $"the contract {ForwarderContract.Address} has the code {hash} on this chain, not {ForwarderContract.CodeHash}: do not sweep, and give out no addresses";
            _isDeployed = true;
        }

        // What the last sweep has brought is known when its block was looked through.
        return await node.FinalizedAsync(cancellationToken) is { } finalized && scanned?.Number >= finalized.Number ? null : "the watcher has not scanned all blocks yet";
    }

    public async Task<IReadOnlySet<string>> EmptyAsync(Asset asset, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var balances = await node.BalancesAsync(asset.Token, addresses, cancellationToken);
        return addresses.Zip(balances).Where(one => one.Second == BigInteger.Zero).Select(one => one.First).ToHashSet(StringComparer.Ordinal);
    }

    public async Task<BigInteger> EstimateAsync(Wallet wallet, Asset asset, IReadOnlyList<string> salts, CancellationToken cancellationToken)
    {
        var gas = await node.EstimateGasAsync(wallet.Sender!, ForwarderContract.Address, 0, ForwarderContract.SweepData(wallet.Sender!, salts, asset.Token), cancellationToken);
        var limit = EthereumSigning.GasLimit(gas);
        if (limit > ForwarderContract.MostGas)
            throw new NodeRefusedException("eth_estimateGas", 0, $"it may need {limit} gas; the signer signs no sweep with more than {ForwarderContract.MostGas}");
        var (baseFee, tip) = await node.FeesAsync(cancellationToken);
        return limit * (baseFee + tip);
    }
}
