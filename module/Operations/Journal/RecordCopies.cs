namespace HaCluster.Operations.Journal;

/// <summary>
/// Copies the journal into the cluster while it grows, beside the operation: a step does not wait for its copy, and an API server that is slow in a bad
/// hour does not stop an operation that its journal on disk can finish.
/// </summary>
internal sealed class RecordCopies : IAsyncDisposable
{
    private static readonly TimeSpan LastCopyLimit = TimeSpan.FromSeconds(5);

    private readonly ClusterRecords records;
    private readonly JournalFile journal;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim grown = new(0);
    private readonly CancellationTokenSource closing = new();
    private readonly Task copying;

    private RecordCopies(ClusterRecords records, JournalFile journal, TimeProvider time)
    {
        (this.records, this.journal, this.time) = (records, journal, time);
        journal.Appended += OnAppended;
        copying = Task.Run(CopyAsync);
    }

    /// <summary>The first copy is there before the first step.</summary>
    public static async Task<RecordCopies> StartAsync(ClusterRecords records, JournalFile journal, TimeProvider time, CancellationToken cancellationToken)
    {
        await records.WriteAsync(journal.Snapshot(), cancellationToken);
        await records.PruneAsync(cancellationToken);
        return new RecordCopies(records, journal, time);
    }

    public async ValueTask DisposeAsync()
    {
        journal.Appended -= OnAppended;
        await closing.CancelAsync();
        await copying;
        using var limit = new CancellationTokenSource(LastCopyLimit, time);
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
        try
        {
            await records.WriteAsync(journal.Snapshot(), cancellationToken);
        }
        catch (Exception e) when (e is HaClusterException or OperationCanceledException)
        {
            // The next entry brings another.
        }
    }
}
