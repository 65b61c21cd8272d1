using System.Collections.Concurrent;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Books;

/// <summary>Balances of all addresses of a wallet at a block. They have in them what the watcher cannot see: ether that contracts pay on, and rewards of validators.</summary>
internal sealed class EthereumBalances(Database database, EthereumNode node, DepositRules rules) : IChainBalances
{
    /// <summary>Calls at a time.</summary>
    private const int Parallelism = 8;

    public string Chain => Asset.Ethereum;

    /// <summary>The sender books what its node calls finalized: the watcher must have looked through that.</summary>
    public async Task<bool> IsAtAsync(BlockReference scanned, CancellationToken cancellationToken) =>
        await node.BlockAsync(scanned.Number, cancellationToken) == scanned && (await node.FinalizedAsync(cancellationToken))?.Number <= scanned.Number;

    public async Task<IReadOnlyList<string>> AssetsAsync(Session session, Wallet wallet)
    {
        var unopened = (await session.UnopenedAsync(rules.Tokens)).Where(one => one.Wallet == wallet.Id).Select(one => one.Asset).ToHashSet(StringComparer.Ordinal);
        // Blocks that were looked through without a token are read again soon: until then the books have not seen all.
        var scanned = (await session.ScannedAsync(Chain))?.Number ?? 0;
        var behind = (await session.TokenScansAsync(rules.TokenNames())).Where(token => token.Height < scanned).Select(token => token.Asset);
        return [.. rules.Tokens.Select(token => token.ToString()).Prepend(Chain).Except(unopened).Except(behind)];
    }

    public async Task<ChainBalances?> ReadAsync(IReadOnlyList<WalletBooks> wallets, BlockReference at, CancellationToken cancellationToken)
    {
        var amounts = new Dictionary<(string, string), BigInteger>();
        foreach (var books in wallets)
        {
            foreach (var asset in books.Booked.Keys)
                amounts[(books.Wallet.Id, asset)] = await BalanceAsync(books.Wallet, asset, at, cancellationToken);
        }

        return new ChainBalances(ReconciliationMethod.Balances, amounts, IsOfOneBlock: false, []);
    }

    public async Task<IReadOnlyList<(string Asset, BigInteger Amount)>> LeftAsync(OpenTransfer open, BlockReference at, CancellationToken cancellationToken)
    {
        foreach (var attempt in open.Attempts)
        {
            if (await node.ReceiptAsync(attempt.Txid, cancellationToken) is { } receipt && receipt.Block.Number <= at.Number)
                return [.. open.Left(attempt, receipt.HasSucceeded, receipt.Fee)];
        }

        return [];
    }

    private async Task<BigInteger> BalanceAsync(Wallet wallet, string asset, BlockReference at, CancellationToken cancellationToken)
    {
        var addresses = await database.ReadAsync(session => session.AllAddressesAsync(wallet.Id), cancellationToken);
        var block = EthereumNode.Hex(at.Number);
        var token = Asset.TryParse(asset, out var parsed) ? parsed.Token : null;
        var balances = new ConcurrentBag<BigInteger>();
        await Parallel.ForEachAsync(addresses, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (address, stop) =>
            balances.Add(token is null ? await node.BalanceAsync(address, block, stop) : await node.TokenBalanceAsync(token, address, block, stop)));
        return balances.Aggregate(BigInteger.Zero, (sum, balance) => sum + balance);
    }
}
