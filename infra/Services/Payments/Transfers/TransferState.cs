namespace HaCluster.Payments.Transfers;

/// <summary>Where a transfer is. README.md shows the way from each state to the next.</summary>
internal enum TransferState
{
    /// <summary>Accepted and its funds reserved; waits for approvals.</summary>
    Created,

    /// <summary>May be signed.</summary>
    Approved,

    /// <summary>The signed bytes are in the store; the network may or may not have them.</summary>
    Signed,

    /// <summary>A node took them.</summary>
    Broadcast,

    /// <summary>A node has them in its memory pool.</summary>
    Seen,

    /// <summary>In a block that a reorganisation may still replace.</summary>
    Confirmed,

    /// <summary>Was in a block that is no longer part of the chain; the same bytes are sent again.</summary>
    Orphaned,

    /// <summary>Paid, in a block that counts as irreversible.</summary>
    Final,

    /// <summary>Refused before it was signed, or executed without effect: nothing was paid but, in the second case, the fee.</summary>
    Failed,

    /// <summary>Another transaction of the same wallet took its place, such as its cancellation: nothing was paid.</summary>
    Replaced,

    /// <summary>Called off before it was signed.</summary>
    Cancelled,
}
