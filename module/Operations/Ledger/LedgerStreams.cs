namespace HaCluster.Operations.Ledger;

/// <summary>Puts together what the replicas say of each stream. Each has its own counters, and its own view, which may be older than another's.</summary>
internal static class LedgerStreams
{
    /// <summary>What the service promises, and the stack's alerts watch.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(1), LongestUnsigned = TimeSpan.FromHours(2), LongestUnverified = TimeSpan.FromDays(2);

    private const string Broken = "the archive is inconsistent, and nothing more is written to it";

    public static IReadOnlyList<LedgerStatus> Of(IReadOnlyList<LedgerReplica> replicas, DateTimeOffset now)
    {
        var answers = replicas.Where(replica => replica.Samples is not null).Select(replica => replica.Samples!).ToList();
        return
        [
            .. answers.SelectMany(samples => samples).Where(sample => sample.Name == "ledger_stream_records").Select(sample => sample.Label("stream") ?? "").Where(stream => stream.Length > 0)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(stream => Of(stream, answers, replicas.Count, now)),
        ];
    }

    public static LedgerTest Test(LedgerStatus stream, TimeSpan longestUnverified, DateTimeOffset now)
    {
        var findings = new List<string>();
        if (stream.IsChanged)
            findings.Add("the last verification found a change; the log of the pods and `ledger verify` name it");
        if (stream.IsBroken)
            findings.Add(Broken);
        if (stream.VerifiedAt is null)
            findings.Add("it was not verified since the replicas started");
        else if (now - stream.VerifiedAt > longestUnverified)
            findings.Add($"it was last verified at {stream.VerifiedAt:u}");
        if (stream.UnsignedFor > LongestUnsigned)
            findings.Add(Unsigned(stream));
        return new LedgerTest(stream.Stream, findings.Count == 0, stream.Records, stream.Verified, stream.VerifiedAt, findings);
    }

    /// <summary>What a verification that was asked for says takes the place of what the replicas found by themselves.</summary>
    public static LedgerTest Test(LedgerStatus stream, LedgerVerification verification)
    {
        var findings = new List<string>();
        Note(findings, verification.Finding.Length > 0, verification.Finding);
        Note(findings, stream.IsBroken, Broken);
        Note(findings, stream.UnsignedFor > LongestUnsigned, Unsigned(stream));
        return new LedgerTest(stream.Stream, findings.Count == 0, stream.Records, verification.Records, verification.EndedAt, findings);
    }

    private static string Unsigned(LedgerStatus stream) => $"{stream.Records - stream.Signed} records are not signed";

    private static LedgerStatus Of(string stream, List<IReadOnlyList<MetricSample>> answers, int replicas, DateTimeOffset now)
    {
        var (records, signed) = ((long)(Most("ledger_stream_records") ?? 0), (long)(Most("ledger_stream_signed_records") ?? 0));
        var (unsigned, lag) = (Seconds("ledger_checkpoint_age_seconds"), Seconds("ledger_index_lag_seconds"));
        var (missing, letters) = ((long)Values("ledger_sequence_gap_records_total").Sum(), (long)(Most("ledger_dead_letters") ?? 0));
        var (isBroken, isChanged) = (Most("ledger_stream_broken") == 1, Most("ledger_verify_failed") == 1);
        // One replica that cannot store is not ready; the others go on.
        var isAway = Values("ledger_archive_away").ToList() is { Count: > 0 } away && away.All(value => value == 1);
        var verifiedAt = Most("ledger_verified_timestamp_seconds") is > 0 and var seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : (DateTimeOffset?)null;

        var (worst, notes) = (new List<string>(), new List<string>());
        Note(worst, isChanged, "the archive was changed");
        Note(worst, isBroken, "broken: nothing is written to it");
        Note(worst, isAway, "the archive takes no records");
        Note(notes, answers.Count < replicas, $"{replicas - answers.Count} of {replicas} replicas do not answer");
        Note(notes, missing > 0, $"numbers missing: {missing}");
        Note(notes, letters > 0, $"dead letters: {letters}");
        Note(notes, lag > LongestLag, "the index is behind");
        Note(notes, unsigned > LongestUnsigned, "not signed");
        Note(notes, verifiedAt is { } at && now - at > LongestUnverified, $"last verified at {verifiedAt:u}");
        return new LedgerStatus(
            stream, worst.Count > 0 ? Health.Critical : notes.Count > 0 ? Health.Degraded : Health.Healthy, records, signed, unsigned, lag, (long?)Most("ledger_index_lag_records"), missing, letters,
            isAway, isBroken, isChanged, (long?)Most("ledger_verified_records"), verifiedAt, answers.Count, replicas, string.Join("; ", worst.Concat(notes)));

        IEnumerable<double> Values(string name) => answers.SelectMany(samples => samples.Where(sample => sample.Name == name && sample.Label("stream") == stream)).Select(sample => sample.Value);

        double? Most(string name) => Values(name).Select(value => (double?)value).Max();

        TimeSpan? Seconds(string name) => Most(name) is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)) : null;
    }

    private static void Note(List<string> notes, bool isSo, string note)
    {
        if (isSo)
            notes.Add(note);
    }
}
