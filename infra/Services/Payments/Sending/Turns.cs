using System.Collections.Concurrent;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Sending;

/// <summary>
/// Which transfers of a wallet a round works on, where there are more than it takes: those after the ones of the round before, and after the last one the oldest again. Whatever some of them wait for (fees,
/// coins, a block) holds no other one up. The oldest that have a transaction are in every round all the same: the chain takes nonces in their order, so that after a node has lost its memory pool nothing goes on
/// before they are sent again.
/// </summary>
/// <param name="most">Of each kind in a round.</param>
internal sealed class Turns(int most)
{
    /// <summary>Of a round, one in so many is for the oldest.</summary>
    private const int Front = 4;

    private readonly ConcurrentDictionary<(string Wallet, bool IsInFlight), TransferPlace> _last = new();

    /// <summary>Transfers that have a transaction, and then approved ones that have none, each the oldest first.</summary>
    public async Task<IReadOnlyList<Transfer>> NextAsync(Session session, string wallet) =>
        [.. await NextAsync(session, wallet, isInFlight: true), .. await NextAsync(session, wallet, isInFlight: false)];

    private async Task<IReadOnlyList<Transfer>> NextAsync(Session session, string wallet, bool isInFlight)
    {
        var first = isInFlight ? await session.TransfersAfterAsync(wallet, isInFlight, TransferPlace.First, most / Front) : [];
        var (begin, rest) = (first is [.., var oldest] ? PlaceOf(oldest) : TransferPlace.First, most - first.Count);
        var last = _last.GetValueOrDefault((wallet, isInFlight), begin);
        if (last.CreatedAt < begin.CreatedAt)
            last = begin;
        var turn = await session.TransfersAfterAsync(wallet, isInFlight, last, rest);
        // The page after the last one begins with the oldest; of a few every round takes all.
        if (turn.Count < rest && last != begin)
            turn = [.. turn, .. await session.TransfersAfterAsync(wallet, isInFlight, begin, rest - turn.Count)];
        _last[(wallet, isInFlight)] = turn.Count < rest ? begin : PlaceOf(turn[^1]);
        return [.. first.Concat(turn).DistinctBy(transfer => transfer.Id, StringComparer.Ordinal)];
    }

    private static TransferPlace PlaceOf(Transfer transfer) => new(transfer.CreatedAt, transfer.Id);
}
