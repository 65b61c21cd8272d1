namespace HaCluster.Ledger.Indexing;

/// <summary>How the archive is followed.</summary>
internal sealed record IndexerOptions
{
    /// <summary>Streams that are read at the same time.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Records that are added together, unless a segment has more.</summary>
    public int Batch { get; init; } = 2_000;

    /// <summary>Segments of a stream that are read in advance when it lags; each may have 8 MiB.</summary>
    public int Ahead { get; init; } = 2;

    /// <summary>Records of a stream before others have their turn.</summary>
    public int Turn { get; init; } = 50_000;

    /// <summary>After this, the archive is looked at for what other instances wrote; the double of it when there was nothing, and so on...</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>... up to this. With the time that a record needs then, it is what "found within a minute" rests on.</summary>
    public TimeSpan LookAtMost { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between two tries of an index that is away: this, and then the double of it...</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>... up to this.</summary>
    public TimeSpan RetryAtMost { get; init; } = TimeSpan.FromSeconds(15);
}
