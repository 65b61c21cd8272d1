using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Writing;

/// <summary>How a stream is written.</summary>
internal sealed record LogOptions
{
    /// <summary>Bytes of records in one segment.</summary>
    public const int LargestSegment = 8 << 20;

    /// <summary>How long the first record of a segment waits for others, at least...</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>... and when many come; null: always the same.</summary>
    public TimeSpan? LongestLinger { get; init; }

    /// <summary>Records among which a repeated one is recognised.</summary>
    public int Window { get; init; } = 1_000_000;

    /// <summary>A checkpoint is signed after so many records...</summary>
    public long CheckpointRecords { get; init; } = 10_000;

    /// <summary>... or after this time, when there is a new record.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>... or, when one could not be signed or stored, after this.</summary>
    public TimeSpan CheckpointRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes of records that wait; more are refused.</summary>
    public long MostWaiting { get; init; } = 64 << 20;

    /// <summary>Between two tries of an archive that is away.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Older records may have expired in the archive; null: none does.</summary>
    public Retention? Retention { get; init; }
}
