using System.Collections.Concurrent;
using System.Threading.Channels;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Records;
using HaCluster.Services;

namespace HaCluster.Ledger.Indexing;

/// <summary>
/// Follows the archive with the index: at least once, from the position that the index has itself. It never holds up an acknowledgement, and needs the same memory however far
/// it lags: what it has not read is in the archive. When the index is away, it waits.
/// </summary>
internal sealed class Indexer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, StreamFollower> _followers = new(StringComparer.Ordinal);
    private readonly Channel<StreamFollower> _queue = Channel.CreateUnbounded<StreamFollower>();
    private readonly CancellationTokenSource _stop = new();
    private readonly IArchive _archive;
    private readonly IIndexObserver _observer;
    private readonly IndexerOptions _options;
    private readonly TimeProvider _clock;
    private readonly IFaultPoints _faults;
    private readonly Lock _awayLock = new();
    private Task _running = Task.CompletedTask;
    private string? _away;
    private TimeSpan _retryWait;

    public Indexer(IIndex index, IArchive archive, IIndexObserver observer, IndexerOptions options, TimeProvider clock, IFaultPoints? faults = null)
    {
        (Index, _archive, _observer, _options, _clock, _faults) = (index, archive, observer, options, clock, faults ?? NoFaults.Instance);
        _retryWait = options.RetryEvery;
    }

    public IIndex Index { get; }

    public IEnumerable<StreamFollower> Followers => _followers.Values;

    public bool Knows(string stream) => _followers.ContainsKey(stream);

    public void Start() => _running = Task.WhenAll([LookAsync(), .. Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync())]);

    /// <summary>The writer of this process has stored records; they are in the archive.</summary>
    /// <param name="size">Records of the stream now.</param>
    public void Grew(string stream, long size, DateTimeOffset at)
    {
        var follower = Follow(stream);
        follower.Grew(size, at);
        Enqueue(follower);
    }

    /// <summary>Tries the dead letters of a stream again.</summary>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    /// <exception cref="IndexUnavailableException">The index does not answer.</exception>
    /// <exception cref="FormatException">A record is not in the archive as it was.</exception>
    public async Task<(long Accepted, long Refused)> ReplayAsync(string stream, CancellationToken cancellationToken)
    {
        var replayed = await new Replayer(_archive, Index).ReplayAsync(stream, cancellationToken);
        if (_followers.TryGetValue(stream, out var follower))
            await follower.CountDeadLettersAsync(cancellationToken);
        return replayed;
    }

    /// <summary>Ends after the batches that are on their way; the rest is indexed after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private StreamFollower Follow(string stream)
    {
        if (_followers.TryGetValue(stream, out var known))
            return known;
        var follower = new StreamFollower(stream, Index, _archive, _options, _clock, _observer, _faults);
        if (!_followers.TryAdd(stream, follower))
            return _followers[stream];
        _observer.Followed(follower);
        return follower;
    }

    private void Enqueue(StreamFollower follower)
    {
        if (follower.TryQueue())
            _queue.Writer.TryWrite(follower);
    }

    /// <summary>Looks for streams, and in each for records, of other instances.</summary>
    private async Task LookAsync()
    {
        long? listed = null;
        try
        {
            while (true)
            {
                if (listed is null || _clock.GetElapsedTime(listed.Value) >= _options.LookAtMost)
                {
                    listed = _clock.GetTimestamp();
                    await ListAsync();
                }

                foreach (var follower in _followers.Values.Where(follower => follower.IsDue))
                    Enqueue(follower);
                await Task.Delay(_options.LookEvery, _clock, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    private async Task ListAsync()
    {
        try
        {
            foreach (var stream in (await _archive.StreamsAsync(_stop.Token)).Where(Names.IsStream))
            {
                if (!Knows(stream))
                    Enqueue(Follow(stream));
            }
        }
        catch (ArchiveUnavailableException)
        {
            // The writer says so; the next look finds them.
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var follower in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                follower.BeginTurn();
                var hasMore = await TryAdvanceAsync(follower);
                if (follower.EndTurn() || hasMore)
                    Enqueue(follower);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    /// <returns>Whether it is to have another turn at once.</returns>
    private async Task<bool> TryAdvanceAsync(StreamFollower follower)
    {
        try
        {
            var hasMore = await follower.AdvanceAsync(_stop.Token);
            follower.Trouble = null;
            Back();
            return hasMore;
        }
        catch (IndexUnavailableException exception)
        {
            _observer.Failed(follower.Stream, exception.Message);
            await WaitAsync(exception.Message);
            return true;
        }
        catch (ArchiveUnavailableException exception)
        {
            // The writer says so.
            _observer.Failed(follower.Stream, exception.Message);
            follower.Rest();
            return false;
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            // A segment that the ledger did not write, or a defect: other streams go on.
            var trouble = exception is BreachException or FormatException ? exception.Message : $"defect: {exception}";
            _observer.Failed(follower.Stream, trouble);
            if (follower.Trouble != trouble)
                _observer.Stuck(follower.Stream, trouble);
            follower.Trouble = trouble;
            follower.Rest();
            return false;
        }
    }

    /// <summary>With jitter, so that instances do not come back all at once.</summary>
    private async Task WaitAsync(string reason)
    {
        TimeSpan wait;
        lock (_awayLock)
        {
            if (_away is null)
                _observer.IndexAway(reason);
            _away = reason;
            wait = _retryWait * (0.5 + Random.Shared.NextDouble());
            _retryWait = TimeSpan.FromTicks(Math.Min(2 * _retryWait.Ticks, _options.RetryAtMost.Ticks));
        }

        await Task.Delay(wait, _clock, _stop.Token);
    }

    private void Back()
    {
        lock (_awayLock)
        {
            if (_away is null)
                return;
            (_away, _retryWait) = (null, _options.RetryEvery);
            _observer.IndexBack();
        }
    }
}
