namespace HaCluster;

/// <summary>A stream of the finance log, as the replicas of the ledger see it together.</summary>
/// <param name="Records">Stored and acknowledged.</param>
/// <param name="Signed">Of these, covered by a signed checkpoint.</param>
/// <param name="UnsignedFor">Age of the oldest record that no checkpoint covers; null when the ledger does not say.</param>
/// <param name="IndexLag">Age of the oldest stored record that cannot be searched for; null when there is no index.</param>
/// <param name="Behind">Stored records that cannot be searched for; null when there is no index.</param>
/// <param name="Missing">Numbers that producers left out since the replicas started.</param>
/// <param name="DeadLetters">Stored records that the index refuses.</param>
/// <param name="IsArchiveAway">No replica can store: records are not acknowledged.</param>
/// <param name="IsBroken">The archive is inconsistent; nothing more is written to the stream.</param>
/// <param name="IsChanged">The last verification found a change.</param>
/// <param name="Verified">Records that the last verification covered; null before the first.</param>
/// <param name="VerifiedAt">When all of it was last verified; null before the first time.</param>
/// <param name="Instances">Replicas that answered.</param>
/// <param name="Replicas">All of them.</param>
public sealed record LedgerStatus(
    string Stream,
    Health Health,
    long Records,
    long Signed,
    TimeSpan? UnsignedFor,
    TimeSpan? IndexLag,
    long? Behind,
    long Missing,
    long DeadLetters,
    bool IsArchiveAway,
    bool IsBroken,
    bool IsChanged,
    long? Verified,
    DateTimeOffset? VerifiedAt,
    int Instances,
    int Replicas,
    string Note);

/// <summary>Whether what a stream of the finance log has stored can be relied on.</summary>
/// <param name="Passed">Verified, in time, without a finding, and signed.</param>
/// <param name="Findings">Why not; empty when it passed.</param>
public sealed record LedgerTest(string Stream, bool Passed, long Records, long? Verified, DateTimeOffset? VerifiedAt, IReadOnlyList<string> Findings);
