using System.Collections.Concurrent;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Sending;

/// <summary>
/// Which transfers of a wallet a round works on, where there are more than it takes: those after the ones of the round before, and after the last one the oldest again. Whatever some of them wait for (fees,
/// coins, a block) holds no other one up.
/// </summary>
/// <param name="most">Of each kind in a round.</param>
internal sealed class Turns(int most)
{
    private readonly ConcurrentDictionary<(string Wallet, bool IsInFlight), TransferPlace> _last = new();

    /// <summary>Transfers that have a transaction, and then approved ones that have none, each the oldest first.</summary>
    public async Task<IReadOnlyList<Transfer>> NextAsync(Session session, string wallet) =>
        [.. await NextAsync(session, wallet, isInFlight: true), .. await NextAsync(session, wallet, isInFlight: false)];

    private async Task<IReadOnlyList<Transfer>> NextAsync(Session session, string wallet, bool isInFlight)
    {
        var last = _last.GetValueOrDefault((wallet, isInFlight), TransferPlace.First);
        var turn = await session.TransfersAfterAsync(wallet, isInFlight, last, most);
        // The page after the last one begins with the oldest; of a few every round takes all.
        if (turn.Count < most && last != TransferPlace.First)
            turn = [.. turn, .. (await session.TransfersAfterAsync(wallet, isInFlight, TransferPlace.First, most - turn.Count)).Where(transfer => turn.All(other => other.Id != transfer.Id))];
        _last[(wallet, isInFlight)] = turn.Count < most ? TransferPlace.First : new TransferPlace(turn[^1].CreatedAt, turn[^1].Id);
        return turn;
    }
}
