using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Books;

/// <summary>What the books say of a wallet, with what explains where the chain is ahead of them.</summary>
/// <param name="Booked">By asset.</param>
/// <param name="Open">Transfers that may be on the chain and are not booked as paid.</param>
internal sealed record WalletBooks(Wallet Wallet, IReadOnlyDictionary<string, BigInteger> Booked, IReadOnlyList<OpenTransfer> Open)
{
    private const int MostOpen = 100_000;

    /// <param name="assets">To compare.</param>
    public static async Task<WalletBooks> ReadAsync(Session session, Wallet wallet, IEnumerable<string> assets)
    {
        var balances = (await session.BalancesAsync(wallet.Id)).ToLookup(balance => balance.Asset, balance => balance.Amount, StringComparer.Ordinal);
        var open = new List<OpenTransfer>();
        foreach (var transfer in await session.OpenTransfersAsync(wallet.Id, MostOpen))
        {
            var attempts = await session.AttemptsAsync(transfer.Id);
            if (attempts.Count > 0)
                open.Add(wallet.Chain == Asset.Bitcoin ? new OpenTransfer(transfer, attempts, await session.ReservedCoinsAsync(transfer.Id), await session.ChildCoinsAsync(transfer.Id)) : new OpenTransfer(transfer, attempts, [], []));
        }

        return new WalletBooks(wallet, assets.ToDictionary(asset => asset, asset => balances[asset].Aggregate(BigInteger.Zero, (sum, amount) => sum + amount), StringComparer.Ordinal), open);
    }
}

/// <param name="Coins">That it spends, on Bitcoin.</param>
/// <param name="Change">That children of its transactions spend.</param>
internal sealed record OpenTransfer(Transfer Transfer, IReadOnlyList<Attempt> Attempts, IReadOnlyList<Coin> Coins, IReadOnlyList<Coin> Change)
{
    /// <summary>What a child of a transaction of it cost that is in a block; 0: none is.</summary>
    public BigInteger ChildFeeOf(Attempt parent) => Attempts.FirstOrDefault(attempt => attempt.Parent == parent.Number && Change.Any(coin => coin.SpentBy == attempt.Txid))?.MaxFee ?? 0;

    /// <summary>What has left with a transaction of it that is in a block.</summary>
    /// <param name="fee">That it cost.</param>
    public IEnumerable<(string Asset, BigInteger Amount)> Left(Attempt attempt, bool hasSucceeded, BigInteger fee)
    {
        yield return (Transfer.FeeAsset, fee);
        if (hasSucceeded && attempt.Purpose == Attempt.Payment)
            yield return (Transfer.Asset, Transfer.Amount);
    }
}
