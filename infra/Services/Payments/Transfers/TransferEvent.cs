namespace HaCluster.Payments.Transfers;

/// <summary>What moves a transfer from one state to the next.</summary>
internal enum TransferEvent
{
    Approve,
    Cancel,
    Refuse,
    Sign,
    Broadcast,
    See,

    /// <summary>It is in a block.</summary>
    Confirm,

    /// <summary>Its block is no longer part of the chain.</summary>
    Orphan,

    /// <summary>Its block counts as irreversible, and it had its effect.</summary>
    Finalize,

    /// <summary>Its block counts as irreversible, and the chain says that it had no effect.</summary>
    Revert,

    /// <summary>The block of a transaction that excludes it counts as irreversible.</summary>
    Replace,
}
