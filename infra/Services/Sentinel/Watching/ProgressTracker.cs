using HaCluster.Sentinel.Decisions;

namespace HaCluster.Sentinel.Watching;

/// <summary>Remembers how a head and the reference moved, by a clock that never jumps.</summary>
internal sealed class ProgressTracker(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(600);

    /// <summary>One sample in this time is kept: 60 in all.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(10);

    private readonly Queue<(long At, long Height, long Lag)> _samples = new();
    private long _newestSample;
    private long _highest = -1;
    private long _height = -1;
    private long _roseAt;
    private long _referenceThen;
    private long _reference;

    public void Note(long height, long reference)
    {
        var now = clock.GetTimestamp();
        (_height, _reference) = (height, reference);
        if (height > _highest)
            (_highest, _roseAt, _referenceThen) = (height, now, reference);
        if (_samples.Count == 0 || clock.GetElapsedTime(_newestSample, now) >= Spacing)
        {
            _samples.Enqueue((now, height, reference - height));
            _newestSample = now;
        }

        while (_samples.Count > 1 && clock.GetElapsedTime(_samples.Peek().At, now) > Window)
            _samples.Dequeue();
    }

    public Progress Now() => _height < 0
        ? Progress.None
        : new Progress(
            clock.GetElapsedTime(_roseAt), Math.Max(0, _reference - _referenceThen), _height - _samples.Peek().Height, Math.Max(0, _samples.Max(sample => sample.Lag) - (_reference - _height)));
}
