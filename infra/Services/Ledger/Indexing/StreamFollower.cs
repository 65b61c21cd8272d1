using System.Runtime.CompilerServices;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Records;
using HaCluster.Services;

namespace HaCluster.Ledger.Indexing;

/// <summary>One stream on its way from the archive into the index.</summary>
internal sealed class StreamFollower
{
    private readonly IIndex _index;
    private readonly ArchiveFeed _feed;
    private readonly IndexerOptions _options;
    private readonly TimeProvider _clock;
    private readonly IIndexObserver _observer;
    private readonly IFaultPoints _faults;
    private readonly Lock _lock = new();
    private long _position = -1;
    private long _known;
    private DateTimeOffset? _oldest;
    private Turn _turn;
    private TimeSpan _wait;
    private long _looked;

    public StreamFollower(string stream, IIndex index, IArchive archive, IndexerOptions options, TimeProvider clock, IIndexObserver observer, IFaultPoints faults)
    {
        (Stream, _index, _options, _clock, _observer, _faults) = (stream, index, options, clock, observer, faults);
        _feed = new ArchiveFeed(archive, stream, options.Ahead);
        (_wait, _looked) = (options.LookEvery, clock.GetTimestamp());
    }

    public string Stream { get; }

    /// <summary>Records that can be found.</summary>
    public long Position => Math.Max(Volatile.Read(ref _position), 0);

    /// <summary>Records that are acknowledged, as far as this instance knows, and cannot be found yet.</summary>
    public long LagRecords => Math.Max(Volatile.Read(ref _known) - Position, 0);

    /// <summary>Records that the index refuses.</summary>
    public long DeadLetters { get; private set; }

    /// <summary>For how long the oldest acknowledged record has not been found; zero without such a record.</summary>
    public TimeSpan LagTime
    {
        get
        {
            lock (_lock)
                return _oldest is { } oldest && _known > Position ? TimeSpan.FromTicks(Math.Max((_clock.GetUtcNow() - oldest).Ticks, 0)) : TimeSpan.Zero;
        }
    }

    /// <summary>Whether it is time to look for what other instances wrote.</summary>
    public bool IsDue => _clock.GetElapsedTime(Volatile.Read(ref _looked)) >= _wait;

    /// <summary>Why it was not indexed further when it was last tried; null when it was.</summary>
    public string? Trouble { get; set; }

    /// <returns>False: it has its place in the queue, or will have one after its present turn.</returns>
    public bool TryQueue()
    {
        lock (_lock)
        {
            var isFree = _turn == Turn.None;
            _turn = _turn is Turn.Now or Turn.NowAndAgain ? Turn.NowAndAgain : Turn.Queued;
            return isFree;
        }
    }

    public void BeginTurn()
    {
        lock (_lock)
            _turn = Turn.Now;
    }

    /// <returns>Whether it was queued meanwhile: it is for whoever ends the turn to do that.</returns>
    public bool EndTurn()
    {
        lock (_lock)
        {
            var isWanted = _turn == Turn.NowAndAgain;
            _turn = Turn.None;
            return isWanted;
        }
    }

    /// <summary>There are so many records at least.</summary>
    public void Grew(long size, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (size <= _known)
                return;
            if (_known <= Position)
                _oldest = at;
            _known = size;
        }
    }

    public async Task CountDeadLettersAsync(CancellationToken cancellationToken) =>
        DeadLetters = (await _index.DeadLettersAsync(Stream, long.MaxValue - 1, 1, cancellationToken)).Total;

    /// <summary>Indexes what there is, up to what one turn may have.</summary>
    /// <returns>Whether there is more.</returns>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    /// <exception cref="IndexUnavailableException">The index does not answer.</exception>
    /// <exception cref="BreachException">A segment is not what the ledger wrote.</exception>
    public async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        if (_position < 0)
        {
            var position = await _index.PositionAsync(Stream, cancellationToken);
            await CountDeadLettersAsync(cancellationToken);
            Volatile.Write(ref _position, position);
        }

        var start = _position;
        await foreach (var batch in BatchesAsync(cancellationToken))
        {
            _faults.Reach(IndexFaultPoint.SegmentRead);
            Grew(batch[^1].Sequence, Entry.ParseTime(batch[0].At));
            await AddAsync(batch, cancellationToken);
            if (_position - start >= _options.Turn)
                return true;
        }

        Volatile.Write(ref _looked, _clock.GetTimestamp());
        _wait = _position > start || _wait == TimeSpan.Zero ? _options.LookEvery : TimeSpan.FromTicks(Math.Min(2 * _wait.Ticks, _options.LookAtMost.Ticks));
        return LagRecords > 0 && _position > start;
    }

    /// <summary>Waits longer for the next look, after a fault of this stream alone.</summary>
    public void Rest()
    {
        _wait = _options.LookAtMost;
        Volatile.Write(ref _looked, _clock.GetTimestamp());
    }

    private async Task AddAsync(List<IndexRecord> batch, CancellationToken cancellationToken)
    {
        lock (_lock)
            _oldest = Entry.ParseTime(batch[0].At);
        var added = await _index.AddAsync(Stream, batch, cancellationToken);
        Volatile.Write(ref _position, Math.Max(added.Position, _position));
        if (added.Refused == 0)
            return;
        _observer.Refused(Stream, added.Refused);
        await CountDeadLettersAsync(cancellationToken);
    }

    /// <summary>First by the names that are known to come next, then, when there is a lag, by a listing and with reading in advance.</summary>
    private async IAsyncEnumerable<List<IndexRecord>> BatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new List<IndexRecord>();
        var position = _position;
        while (batch.Count < _options.Batch && await NextAsync(position, isFirst: batch.Count == 0, cancellationToken) is { } segment)
        {
            batch.AddRange(segment.Records);
            position = segment.Last;
        }

        var isFull = batch.Count >= _options.Batch;
        if (batch.Count > 0)
        {
            yield return batch;
            if (!isFull)
                yield break;
        }

        // Nothing of that name although there are records: they begin later, or in the middle of a segment.
        if (!isFull && _position > 0 && LagRecords == 0)
            yield break;
        batch = [];
        position = _position;
        await foreach (var segment in _feed.ReadAfterAsync(position, cancellationToken))
        {
            if (segment.First > position + 1)
                _observer.Missing(Stream, position + 1, segment.First - 1);
            batch.AddRange(segment.Records.Where(record => record.Sequence > position));
            position = segment.Last;
            if (batch.Count < _options.Batch)
                continue;
            yield return batch;
            batch = [];
            // Another instance may have come further.
            position = Math.Max(position, _position);
        }

        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>A fault waits until what was read before it is indexed: then it is met again, as the first.</summary>
    private async Task<SegmentRecords?> NextAsync(long position, bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            return await _feed.NextAsync(position, cancellationToken);
        }
        catch (Exception exception) when (!isFirst && exception is (BreachException or ArchiveUnavailableException))
        {
            return null;
        }
    }

    /// <summary>One turn at a time: a second one would add what the first is adding.</summary>
    private enum Turn
    {
        None,
        Queued,
        Now,
        NowAndAgain,
    }
}
