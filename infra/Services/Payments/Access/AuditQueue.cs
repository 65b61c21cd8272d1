using System.Threading.Channels;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Access;

/// <summary>
/// Writes the audit trail beside the answers: the next request of a connection does not wait for a row, and those of many requests are one commit. While the database is away the rows wait. A process that is
/// killed loses the rows of its last moment; what was done is in the events all the same, in the transaction that did it.
/// </summary>
internal sealed class AuditQueue : IAsyncDisposable
{
    /// <summary>More than these have to wait with their connections.</summary>
    private const int Most = 10_000;

    private const int Batch = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);

    private readonly Database _database;
    private readonly PaymentsMetrics _metrics;
    private readonly Channel<AskedRequest> _rows = Channel.CreateBounded<AskedRequest>(new BoundedChannelOptions(Most) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _writing;

    public AuditQueue(Database database, PaymentsMetrics metrics)
    {
        (_database, _metrics) = (database, metrics);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Waits only while very many rows wait.</summary>
    public async Task AddAsync(AskedRequest asked)
    {
        try
        {
            await _rows.Writer.WriteAsync(asked);
        }
        catch (ChannelClosedException)
        {
            // The service has ended, and did not wait for this request any longer.
        }
    }

    /// <summary>Writes what there is; tried once when the database is away.</summary>
    public async ValueTask DisposeAsync()
    {
        _rows.Writer.Complete();
        await _end.CancelAsync();
        await _writing;
        _end.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<AskedRequest>(Batch);
        while (await _rows.Reader.WaitToReadAsync())
        {
            // More come soon: a commit for each would hold up those of the requests themselves.
            if (_rows.Reader.Count < Batch)
                await DelayAsync(Gathering);
            while (batch.Count < Batch && _rows.Reader.TryRead(out var row))
                batch.Add(row);
            while (!await TryWriteAsync(batch) && !_end.IsCancellationRequested)
                await DelayAsync(Pause);
            batch.Clear();
        }
    }

    /// <summary>Or until the service ends.</summary>
    private Task DelayAsync(TimeSpan time) => Task.Delay(time, _end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private async Task<bool> TryWriteAsync(List<AskedRequest> batch)
    {
        try
        {
            await _database.ChangeAsync(session => session.AskedAsync(batch), CancellationToken.None);
            return true;
        }
        catch (StoreUnavailableException exception)
        {
            _metrics.StoreFailed(exception.Message);
            return false;
        }
    }
}
