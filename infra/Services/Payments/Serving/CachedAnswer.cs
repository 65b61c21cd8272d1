namespace HaCluster.Payments.Serving;

/// <summary>An answer for many who ask the same: it is asked for by one at a time, and again once it is as old as it may be. A failure is an answer like any other.</summary>
/// <param name="ask">Goes on when whoever began it goes away, since others wait for it.</param>
/// <param name="age">From when it was asked for.</param>
internal sealed class CachedAnswer<T>(Func<Task<T>> ask, TimeSpan age, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private Task<T>? _last;
    private long _askedAt;

    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && clock.GetElapsedTime(_askedAt) >= age))
                (_askedAt, _last) = (clock.GetTimestamp(), Task.Run(ask, CancellationToken.None));
            return _last.WaitAsync(cancellationToken);
        }
    }
}
