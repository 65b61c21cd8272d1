using System.Collections.Concurrent;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Sending;

/// <summary>
/// Which transfers of a wallet a round works on, where there are more than it takes: those after the ones of the round before, and after the last one the oldest again. Whatever some of them wait for (fees,
/// coins, a block) holds no other one up. The oldest that were begun are in every round all the same: the chain takes nonces in their order, so that nothing goes on before
/// the first is sent again that a node has lost, or signed at all where a process ended in between.
/// </summary>
/// <param name="most">Of each kind in a round.</param>
internal sealed class FairSelection(int most)
{
    /// <summary>Of a round, one in so many is for the oldest.</summary>
    private const int Front = 4;

    private readonly ConcurrentDictionary<(string Wallet, bool IsInFlight), TransferPlace> _last = new();

    /// <summary>The oldest that were begun, then others that have a transaction, and then approved ones that have none, each the oldest first.</summary>
    public async Task<IReadOnlyList<Transfer>> NextAsync(Session session, string wallet)
    {
        var begun = await session.BegunTransfersAsync(wallet, most / Front);
        var all = begun.Concat(await NextAsync(session, wallet, isInFlight: true, most - begun.Count)).Concat(await NextAsync(session, wallet, isInFlight: false, most));
        return [.. all.DistinctBy(transfer => transfer.Id, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<Transfer>> NextAsync(Session session, string wallet, bool isInFlight, int count)
    {
        var last = _last.GetValueOrDefault((wallet, isInFlight), TransferPlace.First);
        var turn = await session.TransfersAfterAsync(wallet, isInFlight, last, count);
        // The page after the last one begins with the oldest; of a few every round takes all.
        if (turn.Count < count && last != TransferPlace.First)
            turn = [.. turn, .. (await session.TransfersAfterAsync(wallet, isInFlight, TransferPlace.First, count - turn.Count)).Where(transfer => turn.All(other => other.Id != transfer.Id))];
        _last[(wallet, isInFlight)] = turn.Count < count ? TransferPlace.First : new TransferPlace(turn[^1].CreatedAt, turn[^1].Id);
        return turn;
    }
}
