using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Scanning;

/// <summary>What every watcher works with.</summary>
internal sealed record WatcherContext(Database Database, PaymentsMetrics Metrics, IFaultPoints Faults, TimeProvider Clock, DepositRules Rules);

/// <summary>
/// Looks through every block of a chain once, in order, and takes those back that the chain has replaced. A block, or several while it is behind, is one transaction with its place: after any interruption the next one
/// follows, so that no gap of the service is a gap of the books. It needs no signer.
/// </summary>
internal sealed class ChainWatcher(IChainReader reader, IWalletOpener? opener, WatcherContext context) : IWorker
{
    /// <summary>Of a round: far behind, the lease is renewed in between.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Blocks of the reorganisation that is being followed.</summary>
    private int _depth;

    /// <summary>Whether the node is waited for, which is told once.</summary>
    private bool _isWaiting;

    public string Name => "watcher";

    public TimeSpan Every { get; } = TimeSpan.FromSeconds(1);

    public Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorkPart>>([new WorkPart(reader.Chain, WorkAsync)]);

    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        var head = await reader.HeadAsync(cancellationToken);
        var scanned = await FollowAsync(head, cancellationToken);
        if (scanned is null)
            return;
        await SettleAsync(scanned, cancellationToken);
        // After it: what cannot be opened holds up no deposit.
        if (opener is not null && await opener.OpenAsync(scanned, cancellationToken))
            await SettleAsync(scanned, cancellationToken);
        if (scanned == head)
            await LookIntoPoolAsync(scanned, cancellationToken);
    }

    /// <summary>Looks through what is new.</summary>
    /// <returns>The last block that was looked through, if it is part of the node's chain: on no other one anything may be built.</returns>
    private async Task<BlockReference?> FollowAsync(BlockReference head, CancellationToken cancellationToken)
    {
        BlockReference? agreed = null;
        // Before anything is read ahead: what is read later than an opening has it.
        var openings = await context.Database.ReadAsync(session => session.OpeningsAsync(reader.Chain), cancellationToken);
        await using var ahead = new ReadAhead(reader, head.Number, cancellationToken);
        var begun = context.Clock.GetTimestamp();
        while (context.Clock.GetElapsedTime(begun) < Longest)
        {
            var scanned = await context.Database.ReadAsync(session => session.ScannedAsync(reader.Chain), cancellationToken);
            if (scanned is not null)
            {
                context.Metrics.Watching.Scanned(reader.Chain, scanned.Number, head.Number);
                var hash = await reader.HashAsync(scanned.Number, cancellationToken);
                if (hash is null)
                {
                    // A node that has just started, or one that is on a shorter branch: a branch counts when it is as long as what it replaces.
                    if (!_isWaiting)
                        context.Metrics.Watching.Behind(reader.Chain, head.Number, scanned.Number);
                    _isWaiting = true;
                    return null;
                }

                _isWaiting = false;
                if (hash != scanned.Hash)
                {
                    agreed = null;
                    await TakeBackAsync(scanned, cancellationToken);
                    continue;
                }

                agreed = scanned;
                Followed();
                if (scanned.Number >= head.Number)
                    break;
            }

            if (await NextAsync(scanned, cancellationToken) is not { } next || !await StoreAsync(scanned, openings, await ahead.NextAsync(next), cancellationToken))
                break;
        }

        return agreed;
    }

    private async Task<long?> NextAsync(BlockReference? scanned, CancellationToken cancellationToken) =>
        // All blocks may have been taken back: the first height stays the first.
        scanned?.Number + 1 ?? await context.Database.ReadAsync(session => session.FirstHeightAsync(reader.Chain), cancellationToken) ?? await reader.FirstAsync(cancellationToken);

    /// <param name="openings">That there were before the blocks were read.</param>
    /// <returns>False: there are none, or the chain or what is looked for changed meanwhile.</returns>
    private async Task<bool> StoreAsync(BlockReference? before, long openings, IReadOnlyList<ChainBlock> blocks, CancellationToken cancellationToken)
    {
        // The next round takes the old one back first.
        if (blocks is not [var first, ..] || (before is not null && first.Parent != before.Hash))
            return false;
        var isOne = blocks.Count == 1;
        context.Faults.Reach(isOne ? WatchPoint.BlockRead : WatchPoint.BlocksRead);
        var isStored = await context.Database.ChangeAsync(
            async session =>
            {
                var now = context.Clock.GetUtcNow();
                await session.BeginScanAsync(reader.Chain, first.Reference.Number);
                if (await session.LockScannedAsync(reader.Chain) != before || await session.OpeningsAsync(reader.Chain) != openings)
                    return false;
                await session.AddBlocksAsync(reader.Chain, blocks.Select(block => block.Reference));
                if (reader.Chain == Asset.Bitcoin)
                    await session.MoveCoinsAsync(blocks);
                else
                    await session.MoveTokenScansAsync(context.Rules.TokenNames(), first.Reference.Number, blocks[^1].Reference.Number);
                if (!isOne)
                    context.Faults.Reach(WatchPoint.BlocksHalfStored);
                foreach (var block in blocks)
                {
                    // Change comes back from the wallet's own transfer: in the books it has never left.
                    var payments = block.Payments.Where(payment => payment.To.Branch == Wallets.WalletAddress.Receiving).ToArray();
                    if (reader.Chain == Asset.Ethereum)
                        payments = [.. await session.OpenedAsync(payments)];
                    await session.ArriveAsync(reader.Chain, block.Reference, block.Time, payments, context.Rules, now);
                    await session.AddSweepsAsync(block.Reference, block.Sweeps);
                }

                await session.ReplaceAsync(reader.Chain, [.. blocks.SelectMany(block => block.Spends)], isInBlock: true, now);
                return true;
            },
            cancellationToken);
        context.Faults.Reach(isOne ? WatchPoint.BlockStored : WatchPoint.BlocksStored);
        return isStored;
    }

    private async Task TakeBackAsync(BlockReference block, CancellationToken cancellationToken)
    {
        var lost = await context.Database.ChangeAsync(
            async session =>
            {
                if (await session.LockScannedAsync(reader.Chain) != block)
                    return null;
                var now = context.Clock.GetUtcNow();
                // First, so that what came and was swept in this block is where it came from.
                if (reader.Chain == Asset.Ethereum)
                    await session.TakeSweepsBackAsync(block.Number, now);
                var deposits = await session.OrphanAsync(reader.Chain, block.Number, now);
                if (reader.Chain == Asset.Bitcoin)
                    await session.TakeCoinsBackAsync(block.Number);
                else
                    await session.TakeTokenScansBackAsync(block.Number);
                await session.RemoveBlockAsync(reader.Chain, block);
                return deposits;
            },
            cancellationToken);
        context.Faults.Reach(WatchPoint.BlockTakenBack);
        if (lost is null)
            return;
        _depth++;
        foreach (var deposit in lost.Where(deposit => deposit.State == Deposit.Final))
            context.Metrics.Alarm(deposit.Id, $"block {block.Number} of {reader.Chain} is no longer part of the chain, and this deposit of {deposit.Amount} was final: its confirmations were too few. If the wallet has spent it, it owes it now (account shortage)");
    }

    private void Followed()
    {
        if (_depth == 0)
            return;
        context.Metrics.Watching.Reorganised(reader.Chain, _depth);
        _depth = 0;
    }

    private async Task SettleAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        var finalized = Math.Min(await reader.FinalizedAsync(cancellationToken), scanned.Number);
        context.Faults.Reach(WatchPoint.BeforeSettling);
        await AllAsync((session, now) => session.SettleAsync(reader.Chain, scanned.Number, finalized, now), WatchPoint.Settled);
        if (reader.Chain == Asset.Ethereum)
            await AllAsync((session, now) => session.BookSweepsAsync(finalized, now), WatchPoint.SweepsBooked);

        async Task AllAsync(Func<Session, DateTimeOffset, Task<int>> work, string point)
        {
            while (await context.Database.ChangeAsync(async session => await session.LockScannedAsync(reader.Chain) == scanned ? await work(session, context.Clock.GetUtcNow()) : 0, cancellationToken) > 0)
                context.Faults.Reach(point);
        }
    }

    private async Task LookIntoPoolAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        var pool = await reader.PoolAsync(cancellationToken);
        context.Faults.Reach(WatchPoint.PoolRead);
        var gone = new List<string>();
        foreach (var txid in await context.Database.ReadAsync(session => session.SeenTransactionsAsync(reader.Chain), cancellationToken))
        {
            if (!pool.Txids.Contains(txid) && !await reader.KnowsAsync(txid, cancellationToken))
                gone.Add(txid);
        }

        // Some may be in a block that has come meanwhile.
        if (await reader.HeadAsync(cancellationToken) != scanned)
            return;
        if (pool.News.Count == 0 && gone.Count == 0)
            return;
        var isStored = await context.Database.ChangeAsync(
            async session =>
            {
                if (await session.LockScannedAsync(reader.Chain) != scanned)
                    return false;
                var now = context.Clock.GetUtcNow();
                await session.ReplaceAsync(reader.Chain, [.. pool.News.SelectMany(transaction => transaction.Spends)], isInBlock: false, now);
                var received = pool.News.SelectMany(transaction => transaction.Payments).Where(payment => payment.To.Branch == Wallets.WalletAddress.Receiving).ToArray();
                var followed = (reader.Chain == Asset.Ethereum ? await session.OpenedAsync(received) : received).ToHashSet();
                await session.SeeAsync(reader.Chain, [.. pool.News.Select(transaction => transaction with { Payments = [.. transaction.Payments.Where(followed.Contains)] })], context.Rules, now);
                await session.DropAsync(reader.Chain, gone, now);
                return true;
            },
            cancellationToken);
        if (isStored)
            reader.Remember(pool);
        context.Faults.Reach(WatchPoint.PoolStored);
    }
}
