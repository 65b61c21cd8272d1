using System.Threading.Channels;

namespace HaCluster.Ledger.Writing;

/// <summary>Requests that wait to be written, each until it is answered. What comes together is taken together.</summary>
internal sealed class AppendQueue(LogOptions options, TimeProvider clock)
{
    private readonly Channel<AppendRequest> _requests = Channel.CreateUnbounded<AppendRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Linger _linger = new(options.Linger, options.LongestLinger ?? options.Linger);
    private long _waiting;

    public bool HasRequests => _requests.Reader.TryPeek(out _);

    /// <summary>It is closed, and every request was taken.</summary>
    public bool IsAtEnd => _requests.Reader.Completion.IsCompleted;

    public Task<Outcome> AddAsync(AppendRequest request)
    {
        if (Interlocked.Add(ref _waiting, request.Size) > options.MostWaiting)
        {
            Interlocked.Add(ref _waiting, -request.Size);
            return Task.FromResult<Outcome>(new Outcome.Unavailable("too many records wait to be stored"));
        }

        if (!_requests.Writer.TryWrite(request))
            return Task.FromResult<Outcome>(new Outcome.Unavailable("the service is stopping"));
        return request.Answer.Task;
    }

    /// <summary>Nothing more is added.</summary>
    public void Close() => _requests.Writer.TryComplete();

    public void Answer(AppendRequest request, Outcome outcome)
    {
        if (request.Answer.TrySetResult(outcome))
            Interlocked.Add(ref _waiting, -request.Size);
    }

    /// <summary>Answers all that were not taken.</summary>
    public void FailAll(string reason)
    {
        while (_requests.Reader.TryRead(out var request))
            Answer(request, new Outcome.Unavailable(reason));
    }

    /// <returns>False at the end.</returns>
    public ValueTask<bool> WaitAsync() => _requests.Reader.WaitToReadAsync();

    /// <summary>The requests of the next segment.</summary>
    public async Task<List<AppendRequest>> TakeAsync()
    {
        var batch = new List<AppendRequest>();
        var size = 0L;
        var since = clock.GetTimestamp();
        var last = TimeSpan.Zero;
        while (true)
        {
            while (size < LogOptions.LargestSegment && _requests.Reader.TryRead(out var request))
            {
                batch.Add(request);
                size += request.Size;
            }

            var left = _linger.Current - clock.GetElapsedTime(since);
            if (batch.Count == 0 || size >= LogOptions.LargestSegment || IsAtEnd)
                return batch;
            if (left <= TimeSpan.Zero || !await WaitAsync(left))
            {
                _linger.Adapt(last);
                return batch;
            }

            last = clock.GetElapsedTime(since);
        }
    }

    /// <returns>False: nothing came in this time, or nothing will.</returns>
    public async Task<bool> WaitAsync(TimeSpan time)
    {
        using var timer = new CancellationTokenSource(time, clock);
        try
        {
            return await _requests.Reader.WaitToReadAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
