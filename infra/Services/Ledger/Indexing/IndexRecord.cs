namespace HaCluster.Ledger.Indexing;

/// <summary>A record as the index takes and gives it.</summary>
internal sealed record IndexRecord
{
    public required long Sequence { get; init; }

    public required string Id { get; init; }

    public required string Producer { get; init; }

    /// <summary>When the ledger took it.</summary>
    public required string At { get; init; }

    /// <summary>When it happened, as the producer wrote it.</summary>
    public string? Time { get; init; }

    /// <summary>The producer's own number.</summary>
    public long? ProducerSequence { get; init; }

    /// <summary><see cref="Time"/>, or <see cref="At"/> without it: microseconds since 1970.</summary>
    public required long Event { get; init; }

    /// <summary>An object in canonical JSON.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Leaf hash of its entry.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>What is searched, separated by blanks: <see cref="Indexing.Words"/>. Empty in a record that was found.</summary>
    public string Words { get; init; } = "";
}
