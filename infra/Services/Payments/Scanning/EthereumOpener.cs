using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>
/// Takes into the books what a sender had of ether, and all addresses of a wallet of a token, before they were watched: at a block that counts as irreversible, and then what the blocks since have brought, which were
/// looked through without it. Each asset of a wallet by itself: what one of them waits for holds up no other.
/// </summary>
internal sealed class EthereumOpener(EthereumNode node, EthereumReader reader, WatcherContext context) : IWalletOpener
{
    /// <summary>Of a round: the lease is renewed in between, and new blocks are looked through.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>After this another replica had the lease, and a node may have forgotten the block.</summary>
    private static readonly TimeSpan MostPause = TimeSpan.FromMinutes(2);

    /// <summary>Until what a node refused is asked for again.</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(1);

    private readonly Database _database = context.Database;
    private readonly TimeProvider _clock = context.Clock;
    private readonly BalanceBatches _balances = node.NewBalances();
    private readonly TokenGaps _gaps = new(context.Database, reader, context.Rules, context.Clock);

    /// <summary>When a node last refused, by asset.</summary>
    private readonly Dictionary<string, long> _refused = new(StringComparer.Ordinal);

    /// <summary>That goes on in the next round.</summary>
    private OpeningBalance? _begun;

    public async Task<bool> OpenAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        var hasOpened = await OpenPendingAsync(scanned, cancellationToken);
        return await _gaps.CloseAsync(scanned, cancellationToken) || hasOpened;
    }

    private async Task<bool> OpenPendingAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        var begun = _clock.GetTimestamp();
        var pending = (await _database.ReadAsync(session => session.UnopenedAsync(context.Rules.Tokens), cancellationToken)).OrderBy(one => one == _begun?.One ? 0 : 1).ToList();
        if (pending.Count == 0 || await StartAsync(scanned, cancellationToken) is not { } start)
            return false;
        var (hasOpened, round) = (false, new Round(scanned, start, () => _clock.GetElapsedTime(begun) >= Longest));
        foreach (var one in pending.Where(one => !IsRefused(one.Asset)))
        {
            if (round.IsTimeUp())
                break;
            try
            {
                if (!await OpenAsync(one, round, cancellationToken))
                    break;
                hasOpened = true;
            }
            catch (NodeRefusedException exception)
            {
                // A token may fail for good: the other assets go on.
                (_begun, _refused[one.Asset]) = (null, _clock.GetTimestamp());
                context.Metrics.WorkFailed("watcher", one.Asset, $"the balance of wallet {one.Wallet} cannot be entered in the books, and its deposits are not followed until then: {exception.Message}");
            }
        }

        return hasOpened;
    }

    // Read in each turn: the first one of several wallets that is refused speaks for its asset.
    private bool IsRefused(string asset) => _refused.TryGetValue(asset, out var at) && _clock.GetElapsedTime(at) < AfterRefusal;

    /// <summary>A block that was looked through and counts as irreversible.</summary>
    private async Task<BlockReference?> StartAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        if (await node.FinalizedAsync(cancellationToken) is not { } finalized)
            return null;
        var height = Math.Min(finalized.Number, scanned.Number);
        // Of another height than this the books could not say which deposits the balance has in it already.
        return await _database.ReadAsync(session => session.BlockHashAsync(Asset.Ethereum, height), cancellationToken) is { } hash && (finalized.Number > height || finalized.Hash == hash)
            ? new BlockReference(height, hash) : null;
    }

    /// <returns>False: not yet.</returns>
    private async Task<bool> OpenAsync(Unopened one, Round round, CancellationToken cancellationToken)
    {
        if (_begun?.One != one || _clock.GetElapsedTime(_begun.Touched) > MostPause || await _database.ReadAsync(session => session.BlockHashAsync(Asset.Ethereum, _begun.At.Number), cancellationToken) != _begun.At.Hash)
            _begun = new OpeningBalance(one, round.Start);
        var balance = _begun;
        var isWhole = await balance.ReadOnAsync(_database, _balances, round.IsTimeUp, cancellationToken);
        balance.Touched = _clock.GetTimestamp();
        // When another replica has looked through a block meanwhile, what was read is there for the next round.
        if (!isWhole || await SinceAsync(balance.At, round, cancellationToken) is not { } since || !await StoreAsync(balance, since, round.Scanned, cancellationToken))
            return false;
        _begun = null;
        return true;
    }

    /// <summary>What came after a block.</summary>
    /// <returns>Null: it is no longer part of the chain, or others are not.</returns>
    private async Task<IReadOnlyList<ChainBlock>?> SinceAsync(BlockReference at, Round round, CancellationToken cancellationToken)
    {
        if (round.Since is { } known && known.At == at)
            return known.Blocks;
        var blocks = await _database.ReadAsync(session => session.BlocksAsync(Asset.Ethereum, at.Number), cancellationToken);
        if (blocks is not [var first, ..] || first != at || blocks[^1] != round.Scanned)
            return null;
        var since = new List<ChainBlock>();
        while (since.Count < blocks.Count - 1)
        {
            var read = await reader.ReadAsync(at.Number + 1 + since.Count, blocks.Count - 1 - since.Count, cancellationToken);
            if (read.Count == 0)
                return null;
            since.AddRange(read);
        }

        if (!since.Select(block => block.Reference).SequenceEqual(blocks.Skip(1)))
            return null;
        round.Since = (at, since);
        return since;
    }

    private Task<bool> StoreAsync(OpeningBalance opening, IReadOnlyList<ChainBlock> since, BlockReference scanned, CancellationToken cancellationToken) => _database.ChangeAsync(
        async session =>
        {
            var (one, at, rules) = (opening.One, opening.At, context.Rules);
            if (await session.LockScannedAsync(Asset.Ethereum) != scanned || !await session.OpenAsync(one, at.Number))
                return false;
            var now = _clock.GetUtcNow();
            if (one.Token is not null)
                await session.BeginTokenScanAsync(one.Asset, scanned.Number);
            var found = opening.Amounts;
            var forwarders = one.Token is null ? [] : (await session.OwnAddressesAsync(Asset.Ethereum, [.. found.Keys])).Values.Where(address => address.IsForwarder).ToArray();
            var balance = found.Values.Aggregate(BigInteger.Zero, (sum, amount) => sum + amount) - forwarders.Aggregate(BigInteger.Zero, (sum, address) => sum + found[address.Address]);
            // What sweeps have brought to the sender by then is booked with them, and not twice.
            if (one.Token is null)
                balance -= await session.SweptUntilAsync(one.Wallet, one.Asset, at.Number);
            await session.PostAsync(BookEntries.OpenAt(one.Wallet, one.Asset, balance), now);
            // What a forwarder has is a deposit, so that a sweep of it can be booked.
            await session.ArriveAsync(Asset.Ethereum, at, now, [.. forwarders.Select(address => OpeningOf(address, one.Asset, found[address.Address]))], rules, now);
            foreach (var block in since)
                await session.ArriveAsync(Asset.Ethereum, block.Reference, block.Time, [.. block.Payments.Where(one.Has)], rules, now);
            return true;
        },
        cancellationToken);

    /// <summary>It came before the token was watched, nobody knows how. It is what is left at the end of the block: no sweep in the block has moved it.</summary>
    private static Payment OpeningOf(OwnAddress address, string asset, BigInteger amount) => new($"dep_opening_{address.Address}_{asset}", "opening", 0, asset, amount, address, long.MaxValue);

    /// <summary>What the openings of a round have in common.</summary>
    /// <param name="Start">Of those that begin.</param>
    private sealed record Round(BlockReference Scanned, BlockReference Start, Func<bool> IsTimeUp)
    {
        public (BlockReference At, IReadOnlyList<ChainBlock> Blocks)? Since { get; set; }
    }
}
