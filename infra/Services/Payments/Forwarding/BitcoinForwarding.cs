using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Forwarding;

/// <summary>Forwarding on Bitcoin, where a wallet spends the coins of all its addresses; fees are those of the coins that the sender would choose.</summary>
internal sealed class BitcoinForwarding(Database database, BitcoinNode node, Networks networks) : IForwardingChain
{
    public string Chain => Asset.Bitcoin;

    public Task<BigInteger?> SpendableAsync(Wallet wallet, Asset asset, CancellationToken cancellationToken) => Task.FromResult<BigInteger?>(null);

    public async Task<IReadOnlyList<BigInteger>?> EstimateAsync(Wallet wallet, Asset asset, IReadOnlyList<(string Destination, BigInteger Amount)> parts, CancellationToken cancellationToken)
    {
        var rate = await node.FeeRateAsync(cancellationToken) ?? BitcoinSender.UsualRate;
        var coins = await database.ReadAsync(session => session.SpendableCoinsAsync(wallet.Id), cancellationToken);
        if (coins.Count == 0)
            return null;
        var change = ScriptBytes(wallet.AddressAt(networks, WalletAddress.Change, 0));
        var fees = new List<BigInteger>();
        foreach (var (destination, amount) in parts)
        {
            var plan = BitcoinPlan.Select(coins, amount, rate, amount, wallet.Script, ScriptBytes(destination), change);
            // All that there is does not cover the amount and a fee: the amount will be smaller, and the coins all of them, or the change of the part before.
            fees.Add(plan?.Fee ?? BitcoinPlan.FeeOf(Math.Max(coins.Count, 1), rate, wallet.Script, ScriptBytes(destination), change));
            coins = plan is null ? [] : [.. coins.Except(plan.Coins)];
        }

        return fees;
    }

    private int ScriptBytes(string address) => BitcoinAddress.Create(address, networks.Bitcoin).ScriptPubKey.Length;
}
