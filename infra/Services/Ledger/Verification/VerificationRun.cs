namespace HaCluster.Ledger.Verification;

/// <summary>A verification of a whole stream that somebody asked for: how it goes, or how it went.</summary>
internal sealed record VerificationRun(string Stream, VerificationState State, DateTimeOffset RequestedAt)
{
    /// <summary>Records that were found in order so far, or up to the finding.</summary>
    public long Records { get; init; }

    /// <summary>Null until it has ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Of one that found a breach.</summary>
    public Finding? Finding { get; init; }

    /// <summary>Why the archive could not be read to its end.</summary>
    public string? Problem { get; init; }
}

internal enum VerificationState
{
    /// <summary>Another stream is verified first.</summary>
    Waiting,

    Running,

    /// <summary>All of it is as the ledger wrote it.</summary>
    Intact,

    /// <summary>A breach was found.</summary>
    Broken,

    /// <summary>The archive could not be read to its end: nothing is known.</summary>
    Interrupted,
}
