using System.Globalization;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Wallet = HaCluster.Payments.Wallets.Wallet;

namespace HaCluster.Payments.Books;

/// <summary>
/// A node that can search its unspent coins for addresses (Bitcoin Core) is asked for all that the wallets have. Any other is asked for each coin that the watcher has found, whether it is there and unspent: there one that
/// was never found is not missed; that no block was left out, the watcher makes sure of.
/// </summary>
internal sealed class BitcoinBalances(Database database, BitcoinNode node, Networks networks) : IChainBalances
{
    /// <summary>Addresses in one search: Bitcoin Core reads 32 MB of a request.</summary>
    private const int MostAddresses = 250_000;

    public string Chain => Asset.Bitcoin;

    /// <summary>It speaks of its newest block only.</summary>
    public async Task<bool> IsAtAsync(BlockReference scanned, CancellationToken cancellationToken) => await node.HeadAsync(cancellationToken) == scanned;

    public async Task<bool> IsStillAtAsync(BlockReference at, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => session.ScannedAsync(Chain), cancellationToken) == at && await IsAtAsync(at, cancellationToken);

    public Task<Func<Wallet, IReadOnlyList<string>>> AssetsAsync(Session session) => Task.FromResult<Func<Wallet, IReadOnlyList<string>>>(_ => [Chain]);

    public async Task<ChainBalances?> ReadAsync(Comparison comparison, CancellationToken cancellationToken)
    {
        var wallets = comparison.Wallets;
        var amounts = wallets.ToDictionary(books => (books.Wallet.Id, Chain), _ => BigInteger.Zero);
        var known = new Dictionary<string, Wallets.Coin>(StringComparer.Ordinal);
        var owners = new Dictionary<string, (string Address, string Wallet)>(StringComparer.Ordinal);
        foreach (var wallet in wallets.Select(books => books.Wallet.Id))
        {
            var (coins, addresses) = await database.ReadAsync(async session => (await session.UnspentCoinsAsync(wallet), await session.AllAddressesAsync(wallet)), cancellationToken);
            foreach (var coin in coins)
                known[coin.Outpoint] = coin;
            foreach (var address in addresses)
                owners[BitcoinAddress.Create(address, networks.Bitcoin).ScriptPubKey.ToHex()] = (address, wallet);
        }

        if (owners.Count == 0)
            return await ReadKnownAsync(amounts, [], cancellationToken);
        var unspent = new List<UnspentCoin>();
        foreach (var chunk in owners.Values.Chunk(MostAddresses))
        {
            if (await node.ScanUnspentAsync([.. chunk.Select(owner => owner.Address)], cancellationToken) is not { } scan)
                return await ReadKnownAsync(amounts, known.Values, cancellationToken);
            if (scan.Block != comparison.At.Hash)
            {
                comparison.IsOver = true;
                return null;
            }

            unspent.AddRange(scan.Coins);
        }

        foreach (var coin in unspent)
            amounts[(owners[coin.Script].Wallet, Chain)] += coin.Amount;
        return new ChainBalances(ReconciliationMethod.UnspentSet, amounts, IsOfOneBlock: true, [.. unspent.Where(coin => !known.ContainsKey(coin.Outpoint))]);
    }

    public Task<IReadOnlyList<(string Asset, BigInteger Amount)>> LeftAsync(OpenTransfer open, BlockReference at, CancellationToken cancellationToken)
    {
        var spent = open.Coins.FirstOrDefault(coin => coin.SpentBy is not null)?.SpentBy;
        // The fee of a transaction of Bitcoin is known when it is signed.
        return Task.FromResult<IReadOnlyList<(string, BigInteger)>>(
            open.Attempts.FirstOrDefault(attempt => attempt.Txid == spent) is { } paid ? [.. open.Left(paid, true, paid.MaxFee + open.ChildFeeOf(paid))] : []);
    }

    private async Task<ChainBalances> ReadKnownAsync(Dictionary<(string Wallet, string Asset), BigInteger> amounts, IEnumerable<Wallets.Coin> known, CancellationToken cancellationToken)
    {
        foreach (var coins in known.GroupBy(coin => coin.Wallet, StringComparer.Ordinal))
        {
            amounts[(coins.Key, Chain)] = await node.UnspentAsync(
                [.. coins.Select(coin => coin.Outpoint.Split(':')).Select(parts => (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture)))], cancellationToken);
        }

        return new ChainBalances(ReconciliationMethod.KnownCoins, amounts, IsOfOneBlock: false, []);
    }
}
