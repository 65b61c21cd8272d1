using System.Collections.Concurrent;
using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Payments.Working;

namespace HaCluster.Payments.Books;

/// <summary>Compares the books with the chains every day and on request, wallet by wallet and asset by asset, at one block. One unit of difference is an alarm.</summary>
internal sealed class Reconciler(IReadOnlyList<IChainBalances> chains, Database database, PaymentsMetrics metrics, TimeProvider clock) : IWorker
{
    private const string Schedule = "schedule";

    /// <summary>Coins in the text of an alarm.</summary>
    private const int MostNamed = 5;

    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    /// <summary>Comparisons that go on in the next round, by chain.</summary>
    private readonly ConcurrentDictionary<string, Comparison> _begun = new(StringComparer.Ordinal);

    public string Name => "reconciler";

    public TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    /// <summary>A chain whose node looks through all of its coins for minutes does not hold up the other one.</summary>
    public int Concurrent => 2;

    public async Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken)
    {
        var parts = new List<WorkPart>();
        foreach (var chain in chains)
        {
            var (last, waiting, since) = await database.ReadAsync(
                async session => await session.LastReconciliationAsync(chain.Chain) is var found
                    ? (found, await session.WaitingReconciliationAsync(chain.Chain), await session.NotComparedSinceAsync(chain.Chain, found)) : default,
                cancellationToken);
            metrics.Watching.NotComparedSince(chain.Chain, since is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null);
            await ShowAsync(last, cancellationToken);
            if (waiting is not null || last is null || clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(last.FinishedAt!.Value) >= Daily)
                parts.Add(new WorkPart(chain.Chain, token => WorkAsync(chain, token)));
        }

        return parts;
    }

    private async Task WorkAsync(IChainBalances chain, CancellationToken cancellationToken)
    {
        if (await GoOnAsync(chain, cancellationToken) is not { } comparison)
            return;
        try
        {
            if (await chain.ReadAsync(comparison, cancellationToken) is { } balances)
                await FinishAsync(chain, comparison, balances, cancellationToken);
            else if (!comparison.IsOver)
                return;
        }
        catch (NodeRefusedException)
        {
            // It may have forgotten the block.
            _begun.TryRemove(chain.Chain, out _);
            throw;
        }

        _begun.TryRemove(chain.Chain, out _);
    }

    /// <returns>Null: none can begin, since watcher and node are not at one block. The next round tries again.</returns>
    private async Task<Comparison?> GoOnAsync(IChainBalances chain, CancellationToken cancellationToken)
    {
        var last = (await database.ReadAsync(session => session.LastReconciliationAsync(chain.Chain), cancellationToken))?.Id;
        // Unless another replica has ended one meanwhile.
        if (_begun.TryGetValue(chain.Chain, out var begun) && begun.Last == last)
            return begun;
        _begun.TryRemove(chain.Chain, out _);
        var (scanned, wallets, waiting) = await database.ReadAsync(
            async session =>
            {
                var books = new List<WalletBooks>();
                var assets = await chain.AssetsAsync(session);
                foreach (var wallet in await session.WalletsOfAsync(chain.Chain))
                    books.Add(await WalletBooks.ReadAsync(session, wallet, assets(wallet)));
                return (await session.ScannedAsync(chain.Chain), books, await session.WaitingReconciliationAsync(chain.Chain));
            },
            cancellationToken);
        if (scanned is null || !await chain.IsAtAsync(scanned, cancellationToken))
            return null;
        return _begun[chain.Chain] = new Comparison(scanned, wallets, last, waiting?.Id);
    }

    /// <summary>When the chain has moved on in a way that matters, nothing: the next round begins anew.</summary>
    private async Task FinishAsync(IChainBalances chain, Comparison comparison, ChainBalances balances, CancellationToken cancellationToken)
    {
        var scanned = comparison.At;
        var results = new List<ReconciliationResult>();
        foreach (var books in comparison.Wallets)
            results.AddRange(await CompareAsync(chain, books, balances, scanned, cancellationToken));
        // The books are those of one moment; what is asked of the node between has to be of the same block.
        if (!balances.IsOfOneBlock && !await chain.IsStillAtAsync(scanned, cancellationToken))
        {
            metrics.Watching.ComparedInVain(chain.Chain, scanned.Number);
            return;
        }

        var now = clock.GetUtcNow();
        var finished = await database.ChangeAsync(
            async session =>
            {
                // Whoever has asked since means books that are newer than these.
                var waiting = await session.WaitingReconciliationAsync(chain.Chain);
                var asked = waiting is not null && waiting.Id == comparison.AskedFor ? waiting : await session.AddReconciliationAsync(chain.Chain, Schedule, now);
                return await session.FinishAsync(asked, scanned, balances.Method, results, now) ? asked : null;
            },
            cancellationToken);
        if (finished is null)
            return;
        foreach (var (asset, reason) in balances.Refused)
            metrics.Alarm(finished.Id, $"{asset} was not compared: {reason}");
        foreach (var result in results.Where(result => !result.Difference.IsZero))
        {
            metrics.Alarm(
                finished.Id,
                $"wallet {result.Wallet} has {result.OnChain} of {result.Asset} at block {scanned.Number}; by the books it should have {result.Booked - result.InFlight}: a difference of {result.Difference}");
        }

        if (balances.NotFound is [_, ..] missing)
            metrics.Alarm(finished.Id, $"{missing.Count} coins of the wallets were not found by the watcher: {string.Join(", ", missing.Take(MostNamed).Select(coin => $"{coin.Outpoint} with {coin.Amount}"))}{(missing.Count > MostNamed ? ", ..." : "")}");
    }

    private static async Task<IReadOnlyList<ReconciliationResult>> CompareAsync(IChainBalances chain, WalletBooks books, ChainBalances balances, BlockReference at, CancellationToken cancellationToken)
    {
        var left = new Dictionary<string, BigInteger>(StringComparer.Ordinal);
        foreach (var open in books.Open)
        {
            foreach (var (asset, amount) in await chain.LeftAsync(open, at, cancellationToken))
                left[asset] = left.GetValueOrDefault(asset) + amount;
        }

        var results = new List<ReconciliationResult>();
        foreach (var (asset, booked) in books.Booked.Where(one => !balances.Refused.ContainsKey(one.Key)))
        {
            var (inFlight, onChain) = (left.GetValueOrDefault(asset), balances.Amounts[(books.Wallet.Id, asset)]);
            results.Add(new ReconciliationResult { Wallet = books.Wallet.Id, Asset = asset, Booked = booked, InFlight = inFlight, OnChain = onChain, Difference = onChain - (booked - inFlight) });
        }

        return results;
    }

    /// <summary>Every replica shows the last one, whoever did it.</summary>
    private async Task ShowAsync(Reconciliation? last, CancellationToken cancellationToken)
    {
        if (last is null || _shown.GetValueOrDefault(last.Chain) == last.Id)
            return;
        foreach (var result in await database.ReadAsync(session => session.ResultsAsync(last.Id), cancellationToken))
        {
            metrics.Watching.Differs(result.Wallet, result.Asset, (double)result.Difference);
            metrics.Watching.Reconciled(result.Wallet, DateTimeOffset.FromUnixTimeMilliseconds(last.FinishedAt!.Value));
        }

        _shown[last.Chain] = last.Id;
    }
}
