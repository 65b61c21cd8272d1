using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Verification;

/// <summary>
/// Verifies the archive of the service from time to time: all that is new since the last time, from the last checkpoint that was found to be true, and parts of what
/// is older, chosen at random. It reads one object at a time and rests after each, so that it never takes more than a quarter of a core.
/// </summary>
/// <param name="file">Remembers how far each stream was verified.</param>
internal sealed class BackgroundVerifier(IArchive archive, string file, TimeSpan every, Retention? retention, IVerificationObserver observer, TimeProvider clock)
{
    /// <summary>Parts between two checkpoints, for each stream and time.</summary>
    private const int OlderParts = 10;

    private const int RestPerWork = 3;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private VerifiedStreams _verified = VerifiedStreams.Read(file, archive.Address);

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (stream, verified) in _verified.Streams)
            observer.Verified(stream, verified.Records, verified.At);
        for (var isInTrouble = false; ;)
        {
            var wait = RetryAfter;
            try
            {
                wait = await VerifyDueAsync(cancellationToken);
                isInTrouble = false;
            }
            catch (Exception exception) when (exception is ArchiveUnavailableException or IOException or UnauthorizedAccessException)
            {
                if (!isInTrouble)
                    observer.VerificationInterrupted($"the archive could not be verified to its end, which is tried again every minute: {exception.Message}");
                isInTrouble = true;
            }

            await Task.Delay(wait, clock, cancellationToken);
        }
    }

    /// <returns>Time until the next stream is due.</returns>
    public async Task<TimeSpan> VerifyDueAsync(CancellationToken cancellationToken)
    {
        var next = every;
        foreach (var stream in (await archive.StreamsAsync(cancellationToken)).Where(Names.IsStream))
        {
            var verified = _verified.Streams.GetValueOrDefault(stream);
            var left = verified is null ? TimeSpan.Zero : verified.At + every - clock.GetUtcNow();
            // A clock that was set back must not put it off for longer.
            if (left <= TimeSpan.Zero || left > every)
                await VerifyAsync(stream, verified?.Records ?? 0, cancellationToken);
            else if (left < next)
                next = left;
        }

        return next;
    }

    private async Task VerifyAsync(string stream, long from, CancellationToken cancellationToken)
    {
        var verifier = new Verifier(archive, [], []) { Retention = retention, ReadAhead = 0, Clock = clock, Rest = work => RestAsync(work, cancellationToken) };
        var report = await verifier.VerifyAsync(stream, from, long.MaxValue, cancellationToken);
        var finding = report.Finding ?? await VerifyOlderAsync(verifier, stream, from, cancellationToken);
        var now = clock.GetUtcNow();
        if (finding is null)
            observer.Verified(stream, report.Size, now);
        else
            observer.BreachFound(finding, now);
        // A breach in what is new is looked at again each time, until a person has said what is true.
        _verified = _verified.With(stream, new VerifiedStream(report.Finding is null ? report.Signed : from, now));
        _verified.Write(file);
    }

    private async Task<Finding?> VerifyOlderAsync(Verifier verifier, string stream, long size, CancellationToken cancellationToken)
    {
        var sizes = new List<long>();
        if (size > 0)
        {
            await foreach (var name in archive.ListAsync(ArchiveNames.Checkpoints(stream), "", cancellationToken))
                sizes.AddRange(ArchiveNames.NumberOf(name) is { } one && one <= size ? [one] : []);
        }

        for (var part = 0; sizes.Count > 0 && part < OlderParts; part++)
        {
            var index = Random.Shared.Next(sizes.Count);
            if ((await verifier.VerifyAsync(stream, index > 0 ? sizes[index - 1] : 0, sizes[index], cancellationToken)).Finding is { } finding)
                return finding;
        }

        return null;
    }

    private Task RestAsync(TimeSpan work, CancellationToken cancellationToken)
    {
        var rest = RestPerWork * work;
        return Task.Delay(rest < LongestRest ? rest : LongestRest, clock, cancellationToken);
    }
}

/// <summary>Is told what the service finds in its own archive.</summary>
internal interface IVerificationObserver
{
    /// <param name="records">The last record that was found in order.</param>
    void Verified(string stream, long records, DateTimeOffset at);

    void BreachFound(Finding finding, DateTimeOffset at);

    /// <summary>The archive could not be read.</summary>
    void VerificationInterrupted(string reason);
}
