using System.Collections.Immutable;
using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Verification;

/// <summary>
/// Verifies a stream from its first record when somebody asks for it, beside what <see cref="BackgroundVerifier"/> does by itself: one stream after the other, on half of a core,
/// so that the service goes on.
/// </summary>
/// <param name="stopping">Ends what runs.</param>
internal sealed class RequestedVerifications(IArchive archive, Retention? retention, IVerificationObserver observer, TimeProvider clock, CancellationToken stopping) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, VerificationRun> _runs = ImmutableDictionary<string, VerificationRun>.Empty;
    private Task _last = Task.CompletedTask;

    /// <returns>The one that began, or that has not ended yet.</returns>
    public VerificationRun Request(string stream)
    {
        lock (_lock)
        {
            if (_runs.GetValueOrDefault(stream) is { EndedAt: null } running)
                return running;
            var run = new VerificationRun(stream, VerificationState.Waiting, clock.GetUtcNow());
            _runs = _runs.SetItem(stream, run);
            var before = _last;
            _last = Task.Run(() => VerifyAsync(before, run), CancellationToken.None);
            return run;
        }
    }

    /// <returns>The last one; null: none was asked for since the service started.</returns>
    public VerificationRun? Find(string stream) => Volatile.Read(ref _runs).GetValueOrDefault(stream);

    public async ValueTask DisposeAsync() => await _last;

    private async Task VerifyAsync(Task before, VerificationRun run)
    {
        await before;
        run = run with { State = VerificationState.Running };
        Put(run);
        var verifier = new Verifier(archive, [], [])
        {
            Retention = retention,
            ReadAhead = 0,
            Clock = clock,
            Progress = records => Put(run with { Records = records }),
            // As long as the work took.
            Rest = work => Task.Delay(work, clock, stopping),
        };
        try
        {
            var report = await verifier.VerifyAsync(run.Stream, 0, long.MaxValue, stopping);
            var now = clock.GetUtcNow();
            if (report.Finding is { } finding)
                observer.BreachFound(finding, now);
            else
                observer.Verified(run.Stream, report.Size, now);
            Put(run with { State = report.Finding is null ? VerificationState.Intact : VerificationState.Broken, Records = report.Size, EndedAt = now, Finding = report.Finding });
        }
        catch (Exception exception) when (exception is ArchiveUnavailableException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            var problem = exception is OperationCanceledException ? "the service was stopped" : exception.Message;
            Put(run with { State = VerificationState.Interrupted, Records = Find(run.Stream)!.Records, EndedAt = clock.GetUtcNow(), Problem = problem });
        }
    }

    private void Put(VerificationRun run)
    {
        lock (_lock)
            _runs = _runs.SetItem(run.Stream, run);
    }
}
