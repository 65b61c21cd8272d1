using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Sending;

/// <summary>What is asked of a payment each time before it is signed or its bytes are given to a node: its limits were looked at before, and these may have changed since.</summary>
internal static class LastCheck
{
    /// <param name="paid">That one transaction pays.</param>
    /// <returns>Why it waits; null: it goes on.</returns>
    public static async Task<string?> ProblemAsync(this Session session, IEnumerable<Transfer> paid, DateTimeOffset now)
    {
        if (await session.IsStoppedAsync())
            return "the kill switch is on: only cancellations are signed and sent";
        // What is in a block is paid: a child that its parent still needs there goes on. A reorganisation makes it orphaned first.
        foreach (var transfer in paid.Where(transfer => transfer.Kind == Transfer.Payment && transfer.State != TransferState.Confirmed && !TransferMachine.Ends.Contains(transfer.State)))
        {
            if (!await session.IsListedAsync(transfer.Wallet, transfer.Destination, now))
                return $"{transfer.Destination} is no longer an allowed destination of the wallet";
        }

        return null;
    }
}
