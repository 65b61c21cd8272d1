namespace HaCluster.Operations.Journal;

/// <summary>
/// Copies the journal into the cluster while it grows, beside the operation: a step does not wait for its copy, and an API server that is slow in a bad
/// hour does not stop an operation that its journal on disk can finish.
/// </summary>
internal sealed class RecordCopies : IAsyncDisposable
{
    private static readonly TimeSpan LastCopyLimit = TimeSpan.FromSeconds(5);

    /// <summary>Of whoever has pressed Ctrl+C: the journal on disk is complete.</summary>
    private static readonly TimeSpan HurriedCopyLimit = TimeSpan.FromMilliseconds(400);

    private readonly ClusterRecords records;
    private readonly JournalFile journal;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim grown = new(0);
    private readonly CancellationTokenSource closing = new();
    private readonly CancellationToken caller;
    private readonly Task copying;
    private string? version;
    private bool isSuperseded;

    private RecordCopies(ClusterRecords records, JournalFile journal, TimeProvider time, string? version, CancellationToken caller)
    {
        (this.records, this.journal, this.time, this.version, this.caller) = (records, journal, time, version, caller);
        journal.Appended += OnAppended;
        copying = Task.Run(CopyAsync, CancellationToken.None);
    }

    /// <summary>The first copy is there before the first step.</summary>
    public static async Task<RecordCopies> StartAsync(ClusterRecords records, JournalFile journal, TimeProvider time, CancellationToken cancellationToken)
    {
        var version = await records.WriteFirstAsync(journal.Snapshot(), cancellationToken);
        await records.PruneAsync(cancellationToken);
        return new RecordCopies(records, journal, time, version, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        journal.Appended -= OnAppended;
        await closing.CancelAsync();
        await copying;
        using var limit = new CancellationTokenSource(caller.IsCancellationRequested ? HurriedCopyLimit : LastCopyLimit, time);
        await TryCopyAsync(limit.Token);
        closing.Dispose();
        grown.Dispose();
    }

    private void OnAppended() => grown.Release();

    private async Task CopyAsync()
    {
        try
        {
            while (true)
            {
                await grown.WaitAsync(closing.Token);
                while (grown.CurrentCount > 0)
                    await grown.WaitAsync(closing.Token);
                await TryCopyAsync(closing.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The last copy follows.
        }
    }

    private async Task TryCopyAsync(CancellationToken cancellationToken)
    {
        if (isSuperseded)
            return;
        try
        {
            version = await records.WriteAsync(journal.Snapshot(), version, cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.Conflict)
        {
            // Whoever took the lease writes the record now; ours would hide what was done since.
            isSuperseded = true;
        }
        // A connection that breaks while its call is cancelled says so in its own way.
        catch (Exception e) when (e is HaClusterException or OperationCanceledException or HttpRequestException)
        {
            // The next entry brings another.
        }
    }
}
