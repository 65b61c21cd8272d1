using System.Collections.Frozen;
using static HaCluster.Payments.Transfers.TransferEvent;
using static HaCluster.Payments.Transfers.TransferState;

namespace HaCluster.Payments.Transfers;

/// <summary>The life of a transfer as a table. What is not in it does not happen.</summary>
internal static class TransferMachine
{
    private static readonly (TransferState From, TransferEvent On, TransferState To)[] Table =
    [
        (Created, Approve, Approved),
        (Created, Cancel, Cancelled),
        (Created, Refuse, Failed),

        (Approved, Sign, Signed),
        (Approved, Cancel, Cancelled),
        (Approved, Refuse, Failed),

        // From here on bytes may be anywhere: no way leads back to a state in which a transfer is called off by a word.
        (Signed, TransferEvent.Broadcast, TransferState.Broadcast),
        // A node may have had the bytes before the process died that sent them.
        (Signed, See, Seen),
        (Signed, Confirm, Confirmed),
        (Signed, Replace, Replaced),

        (TransferState.Broadcast, See, Seen),
        (TransferState.Broadcast, Confirm, Confirmed),
        (TransferState.Broadcast, Replace, Replaced),

        (Seen, Confirm, Confirmed),
        (Seen, Replace, Replaced),

        (Confirmed, Confirm, Confirmed),
        (Confirmed, Orphan, Orphaned),
        (Confirmed, TransferEvent.Finalize, Final),
        (Confirmed, Revert, Failed),

        (Orphaned, TransferEvent.Broadcast, TransferState.Broadcast),
        (Orphaned, See, Seen),
        (Orphaned, Confirm, Confirmed),
        (Orphaned, Replace, Replaced),
    ];

    private static readonly FrozenDictionary<(TransferState, TransferEvent), TransferState> Transitions = Table.ToFrozenDictionary(row => (row.From, row.On), row => row.To);

    /// <summary>States that a transfer never leaves.</summary>
    public static FrozenSet<TransferState> Ends { get; } = Enum.GetValues<TransferState>().Where(state => Table.All(row => row.From != state)).ToFrozenSet();

    /// <summary>States in which nobody can have bytes of it.</summary>
    public static FrozenSet<TransferState> Unsigned { get; } = new[] { Created, Approved, Cancelled }.ToFrozenSet();

    /// <returns>Null: the event cannot happen in this state.</returns>
    public static TransferState? Next(TransferState state, TransferEvent happened) => Transitions.TryGetValue((state, happened), out var next) ? next : null;

    public static string Name(TransferState state) => state.ToString().ToLowerInvariant();
}
