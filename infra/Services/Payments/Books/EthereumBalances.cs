using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Books;

/// <summary>Balances of all addresses of the wallets at a block. They have in them what the watcher cannot see: ether that contracts pay on, and rewards of validators.</summary>
internal sealed class EthereumBalances(Database database, EthereumNode node, DepositRules rules, TimeProvider clock) : IChainBalances
{
    /// <summary>Of a round: the lease is renewed in between.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly BalanceBatches _balances = node.NewBalances();

    /// <summary>That goes on in the next round.</summary>
    private EthereumReading? _reading;

    public string Chain => Asset.Ethereum;

    /// <summary>The sender books what its node calls finalized: the watcher must have looked through that.</summary>
    public async Task<bool> IsAtAsync(BlockReference scanned, CancellationToken cancellationToken) =>
        await node.BlockAsync(scanned.Number, cancellationToken) == scanned && (await node.FinalizedAsync(cancellationToken))?.Number <= scanned.Number;

    /// <summary>The node was asked of this number: blocks above it do not matter, and if the one under it is the same, it was the same all the time.</summary>
    public async Task<bool> IsStillAtAsync(BlockReference at, CancellationToken cancellationToken) => await node.BlockAsync(at.Number, cancellationToken) == at;

    public async Task<Func<Wallet, IReadOnlyList<string>>> AssetsAsync(Session session)
    {
        var unopened = (await session.UnopenedAsync(rules.Tokens)).ToLookup(one => one.Wallet, one => one.Asset, StringComparer.Ordinal);
        // Blocks that were looked through without a token are read again soon: until then the books have not seen all.
        var scanned = (await session.ScannedAsync(Chain))?.Number ?? 0;
        var behind = (await session.TokenScansAsync(rules.TokenNames())).Where(token => token.Height < scanned).Select(token => token.Asset);
        string[] all = [.. rules.Tokens.Select(token => token.ToString()).Prepend(Chain).Except(behind)];
        return wallet => [.. all.Except(unopened[wallet.Id])];
    }

    public async Task<ChainBalances?> ReadAsync(Comparison comparison, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        if (_reading?.Comparison != comparison)
            _reading = new EthereumReading(comparison, await database.ReadAsync(session => session.AllAddressesOfAsync(Chain), cancellationToken));
        var reading = _reading;
        if (!await reading.ReadOnAsync(_balances, () => clock.GetElapsedTime(begun) >= Longest, cancellationToken))
            return null;
        _reading = null;
        return new ChainBalances(ReconciliationMethod.Balances, reading.Amounts, IsOfOneBlock: false, []) { Refused = reading.Refused };
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
}
