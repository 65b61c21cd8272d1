namespace HaCluster.Ledger.Verification;

/// <summary>What was done to an archive, as far as it can be told.</summary>
internal enum Breach
{
    /// <summary>An entry or object has other content than was written.</summary>
    Edit,

    /// <summary>Entries or objects are missing between others.</summary>
    Deletion,

    /// <summary>Entries or objects are in another order, or twice.</summary>
    Reordering,

    /// <summary>The end of a stream or of an object is missing.</summary>
    Truncation,

    /// <summary>The time of an entry is before that of an earlier one.</summary>
    BackDating,

    /// <summary>A checkpoint is not signed by its key, or the key is not the one that was expected.</summary>
    Signature,

    /// <summary>There is an object that the ledger does not write.</summary>
    ForeignObject,
}

/// <param name="Sequence">The first record concerned; 0 when no record is concerned.</param>
/// <param name="Name">The object concerned.</param>
internal sealed record Finding(Breach Breach, string Stream, long Sequence, string Name, string Message);

/// <summary>A segment is not what the ledger wrote.</summary>
internal sealed class BreachException(Breach breach, long sequence, string message) : Exception(message)
{
    public Breach Breach { get; } = breach;

    public long Sequence { get; } = sequence;
}
