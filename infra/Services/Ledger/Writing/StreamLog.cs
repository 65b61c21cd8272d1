using System.Collections.Immutable;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;
using HaCluster.Services;

namespace HaCluster.Ledger.Writing;

/// <summary>
/// The only writer of a stream in this process. Requests that come together are written as one segment: into the spool with fsync, then into the archive, and only
/// then they are answered. The name of the next segment is the lock between instances: who stores it first has it, and the other reads it and goes behind it.
/// </summary>
internal sealed partial class StreamLog : IAsyncDisposable
{
    private readonly AppendQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _stream;
    private readonly IArchive _archive;
    private readonly ISigner _signer;
    private readonly Spool _spool;
    private readonly LogOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogObserver _observer;
    private readonly IFaultPoints _faults;
    private readonly string _writer;
    private readonly Task _loop;
    private readonly StreamState _state;
    private bool _isSpoolAway;
    private volatile string? _away;
    private volatile string? _broken;
    private volatile StreamView _view;

    private StreamLog(StreamState state, Spool spool, LogContext context)
    {
        (_stream, _state, _spool) = (state.Stream, state, spool);
        (_archive, _signer, _options, _clock, _observer, _faults, _writer) =
            (context.Archive, context.Signer, context.Options, context.Clock, context.Observer, context.Faults, context.Writer);
        _queue = new AppendQueue(_options, _clock);
        _view = StreamView.Of(state);
        (_checkpointTried, _checkpointWait) = (_clock.GetTimestamp(), _options.CheckpointEvery);
        _observer.Opened(_view);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Why the archive does not take records; null when it does.</summary>
    public string? Away => _away;

    /// <summary>The stream as it was after the last stored segment.</summary>
    public StreamView View => _view;

    /// <summary>Opens a stream: reads its end, and puts into the archive what a killed process left in the spool.</summary>
    /// <exception cref="BrokenArchiveException">The archive is inconsistent.</exception>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    /// <exception cref="IOException">The spool cannot be used.</exception>
    public static async Task<StreamLog> OpenAsync(string stream, string spoolFolder, LogContext context, CancellationToken cancellationToken)
    {
        var spool = Spool.Open(spoolFolder, stream, context.Faults);
        try
        {
            var kept = spool.Read().Select(content => Kept(stream, content)).ToArray();
            await RestoreAsync(stream, kept.SkipLast(1), context, cancellationToken);
            var state = await StreamState.LoadAsync(context.Archive, stream, context.Options, context.Clock, cancellationToken);
            var left = kept is [.., var last] ? await RecoverAsync(state, last, context.Archive, cancellationToken) : ([], 0);
            var log = new StreamLog(state, spool, context);
            if (left.Records.Length > 0)
                await log.AppendAsync(left.Records, left.Since);
            return log;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>Stores records of this stream, all or none.</summary>
    public Task<Outcome> AppendAsync(ImmutableArray<PreparedRecord> records) => AppendAsync(records, _view.Size);

    private Task<Outcome> AppendAsync(ImmutableArray<PreparedRecord> records, long since)
    {
        if ((_broken ?? _away) is { } trouble)
            return Task.FromResult<Outcome>(new Outcome.Unavailable(trouble));
        return _queue.AddAsync(new AppendRequest(records, since));
    }

    /// <summary>Stores what waits, signs a last checkpoint and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        // An archive that is away must not keep the process from ending: what is in the spool goes into the archive at the next start.
        if (_away is not null)
            await _stop.CancelAsync();
        await _loop;
        _spool.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await WaitAsync())
            {
                if (await _queue.TakeAsync() is { Count: > 0 } batch)
                    await CommitAsync(batch);
                await CheckpointAsync(isLast: false);
            }

            await CheckpointAsync(isLast: true);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The archive is away while the process ends.
        }
        catch (Exception exception)
        {
            // Whoever waits has to get an answer, a defect of the program included.
            _broken = exception is BrokenArchiveException or IOException ? exception.Message : $"defect: {exception}";
            _observer.Broken(_stream, _broken);
        }

        _queue.Close();
        _queue.FailAll(_broken ?? _away ?? "the service is stopping");
    }

    /// <returns>False at the end.</returns>
    private async Task<bool> WaitAsync()
    {
        if (_state.Size == (_state.Checkpoint?.Checkpoint.Size ?? 0) || _queue.HasRequests)
            return await _queue.WaitAsync();
        var due = _checkpointWait - _clock.GetElapsedTime(_checkpointTried);
        return due <= TimeSpan.Zero || await _queue.WaitAsync(due) || !_queue.IsAtEnd;
    }

    private async Task CommitAsync(List<AppendRequest> batch)
    {
        try
        {
            await StoreAsync(batch);
        }
        catch (Exception exception)
        {
            FailAll(batch, exception is OperationCanceledException ? "the service is stopping" : exception.Message);
            throw;
        }
    }

    private async Task StoreAsync(List<AppendRequest> batch)
    {
        while (true)
        {
            using var decision = Decide(batch);
            _faults.Reach(FaultPoint.BatchDecided);
            if (decision.Segment is not { } segment)
            {
                Complete(batch);
                return;
            }

            var content = segment.Close();
            var start = _clock.GetTimestamp();
            try
            {
                _spool.Write(content.Span);
            }
            catch (IOException exception)
            {
                // The disk is full: nothing was acknowledged, and the next batch may fit.
                decision.TakeBack(_state);
                if (!_isSpoolAway)
                    _observer.SpoolAway(_stream, exception.Message);
                _isSpoolAway = true;
                FailAll(batch, $"the spool cannot be written: {exception.Message}");
                return;
            }

            if (_isSpoolAway)
                _observer.SpoolBack(_stream);
            _isSpoolAway = false;

            var spooled = _clock.GetElapsedTime(start);
            start = _clock.GetTimestamp();
            if (!await PutAsync(ArchiveNames.Segment(_stream, decision.First), content, batch))
            {
                decision.TakeBack(_state);
                _spool.TakeBack();
                _observer.Overtaken(_stream);
                await PatientlyAsync(() => _state.CatchUpAsync(_archive, _stop.Token), batch);
                _view = StreamView.Of(_state);
                continue;
            }

            _faults.Reach(FaultPoint.ArchiveStored);
            _state.Advance(decision.First, segment.Leaves, segment.Head, decision.At, decision.At);
            _state.Known.Forget();
            _view = StreamView.Of(_state);
            _observer.Stored(_stream, segment.Count, content.Length, _state.Size, spooled, _clock.GetElapsedTime(start));
            _faults.Reach(FaultPoint.BatchCommitted);
            Complete(batch);
            _faults.Reach(FaultPoint.BatchAcknowledged);
            return;
        }
    }

    /// <returns>False: another instance has stored a segment of this name.</returns>
    private async Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, List<AppendRequest> batch)
    {
        var isStored = false;
        await PatientlyAsync(
            async () =>
            {
                // An earlier try may have stored it without an answer that arrived.
                isStored = await _archive.TryPutAsync(name, content, _stop.Token)
                    || (await _archive.ReadAsync(name, _stop.Token)).AsSpan().SequenceEqual(content.Span);
            },
            batch);
        return isStored;
    }

    /// <summary>
    /// Until the archive answers. Whoever waits is told at once to come again; the batch itself stays in the spool and is stored when the archive is back.
    /// </summary>
    private async Task PatientlyAsync(Func<Task> action, List<AppendRequest> batch)
    {
        while (true)
        {
            try
            {
                await action();
                if (_away is not null)
                {
                    _away = null;
                    _observer.ArchiveBack(_stream);
                }

                return;
            }
            catch (ArchiveUnavailableException exception)
            {
                if (_away is null)
                    _observer.ArchiveAway(_stream, exception.Message);
                _away = exception.Message;
                FailAll(batch, exception.Message);
                _queue.FailAll(exception.Message);
                if (_queue.IsAtEnd)
                    await _stop.CancelAsync();
                await Task.Delay(_options.RetryEvery, _clock, _stop.Token);
            }
        }
    }

    private void Complete(List<AppendRequest> batch)
    {
        foreach (var request in batch)
        {
            switch (request.Outcome)
            {
                case Outcome.Stored { Repeated: > 0 } stored:
                    _observer.Repeated(_stream, stored.Repeated);
                    break;
                case Outcome.Refused refused:
                    _observer.Refused(_stream, refused.Conflicts.Length);
                    break;
            }

            if (request.Gaps > 0)
                _observer.GapSeen(_stream, request.Records[0].Producer, request.Gaps);
            _queue.Answer(request, request.Outcome!);
        }
    }

    private void FailAll(List<AppendRequest> batch, string reason)
    {
        foreach (var request in batch)
            _queue.Answer(request, new Outcome.Unavailable(reason));
    }
}

/// <summary>What all streams of a process share.</summary>
/// <param name="Writer">Name of this instance in the segments that it writes.</param>
internal sealed record LogContext(IArchive Archive, ISigner Signer, LogOptions Options, TimeProvider Clock, ILogObserver Observer, IFaultPoints Faults, string Writer);
