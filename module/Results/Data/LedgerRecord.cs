namespace HaCluster;

/// <summary>A record of the finance log.</summary>
/// <param name="Sequence">Its number in the stream.</param>
/// <param name="Id">The producer's.</param>
/// <param name="At">When the ledger stored it.</param>
/// <param name="Time">When it happened, as the producer said; null when it did not.</param>
/// <param name="ProducerSequence">The producer's own number; null without one.</param>
/// <param name="Data">What was recorded: objects are dictionaries, arrays are lists.</param>
/// <param name="Json">The same as canonical JSON.</param>
/// <param name="Hash">Its leaf hash, to compare with the archive.</param>
public sealed record LedgerRecord(
    string Stream,
    long Sequence,
    string Id,
    string Producer,
    DateTimeOffset At,
    DateTimeOffset? Time,
    long? ProducerSequence,
    IReadOnlyDictionary<string, object?> Data,
    string Json,
    string Hash);
