using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Sending;

/// <summary>Gives stored bytes to a node, and notes what it says of them.</summary>
internal sealed class BitcoinBroadcast(SenderContext context, BitcoinNode node)
{
    private const string Actor = "sender";

    /// <returns><see cref="Broadcast.Refused"/> also where it is held back.</returns>
    public async Task<Broadcast> SendAsync(Batch batch, Attempt attempt, CancellationToken cancellationToken)
    {
        // A child is for all that its parent pays.
        var number = attempt.Parent ?? attempt.Number;
        if (batch.PaidBy(number) is { Count: > 0 } paid && await context.HoldsAsync(batch.Owner, paid, cancellationToken))
            return Broadcast.Refused;
        context.Faults.Reach(FaultPoint.BeforeBroadcast);
        var (outcome, reason) = await node.SendAsync(attempt.Raw, cancellationToken);
        context.Faults.Reach(FaultPoint.AfterBroadcast);
        // Some nodes answer before they have looked at it, and say nothing when they refuse: the next round finds out, and sends the same bytes again.
        context.Metrics.Broadcast(Asset.Bitcoin, outcome.ToString().ToLowerInvariant());
        if (outcome == Broadcast.Refused)
        {
            context.Metrics.Held(batch.Owner, $"the node rejects the transaction: {reason}");
            return outcome;
        }

        await MoveAsync(batch, TransferEvent.Broadcast, attempt, cancellationToken);
        context.Faults.Reach(FaultPoint.BroadcastStored);
        return outcome;
    }

    /// <summary>Notes that a node has a transaction in its memory pool.</summary>
    /// <returns>False: that was known.</returns>
    public async Task<bool> SeeAsync(Batch batch, Attempt attempt, CancellationToken cancellationToken)
    {
        if (batch.Open.All(member => TransferMachine.Next(member.Transfer.State, TransferEvent.See) is null))
            return false;
        await MoveAsync(batch, TransferEvent.See, attempt, cancellationToken);
        return true;
    }

    /// <summary>For all transfers that it is of.</summary>
    private async Task MoveAsync(Batch batch, TransferEvent happened, Attempt attempt, CancellationToken cancellationToken)
    {
        var now = context.Clock.GetUtcNow();
        var moved = await context.Database.ChangeAsync(
            async session =>
            {
                await session.MarkBroadcastAsync(attempt.Txid, now);
                var moved = new List<(Transfer? Moved, Transfer Before)>();
                foreach (var member in batch.Open)
                    moved.Add((await session.MoveAsync(member.Transfer, happened, Actor, now), member.Transfer));
                return moved;
            },
            cancellationToken);
        foreach (var (one, before) in moved)
            context.LogMove(one, before);
    }
}
