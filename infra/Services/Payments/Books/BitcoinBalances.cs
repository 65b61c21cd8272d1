using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Books;

/// <summary>
/// The node is asked for each coin that the watcher has found, whether it is there and unspent. A node cannot be asked for the coins of an address, so that one which was never found is not missed; that no block was left
/// out, the watcher makes sure of.
/// </summary>
internal sealed class BitcoinBalances(Database database, BitcoinNode node) : IChainBalances
{
    public string Chain => Asset.Bitcoin;

    /// <summary>It speaks of its newest block only.</summary>
    public async Task<bool> IsAtAsync(BlockReference scanned, CancellationToken cancellationToken) => await node.HeadAsync(cancellationToken) == scanned;

    public Task<IReadOnlyList<string>> AssetsAsync(Session session, Wallet wallet) => Task.FromResult<IReadOnlyList<string>>([Chain]);

    public async Task<BigInteger> BalanceAsync(Wallet wallet, string asset, BlockReference at, CancellationToken cancellationToken)
    {
        var sum = BigInteger.Zero;
        foreach (var coin in await database.ReadAsync(session => session.UnspentCoinsAsync(wallet.Id), cancellationToken))
        {
            var parts = coin.Outpoint.Split(':');
            sum += await node.CoinAsync(parts[0], long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), cancellationToken) ?? 0;
        }

        return sum;
    }

    public Task<IReadOnlyList<(string Asset, BigInteger Amount)>> LeftAsync(OpenTransfer open, BlockReference at, CancellationToken cancellationToken)
    {
        var spent = open.Coins.FirstOrDefault(coin => coin.SpentBy is not null)?.SpentBy;
        // The fee of a transaction of Bitcoin is known when it is signed.
        return Task.FromResult<IReadOnlyList<(string, BigInteger)>>(open.Attempts.FirstOrDefault(attempt => attempt.Txid == spent) is { } paid ? [.. open.Left(paid, true, paid.MaxFee)] : []);
    }
}
