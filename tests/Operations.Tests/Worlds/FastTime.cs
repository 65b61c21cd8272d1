using System.Diagnostics;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>A clock that runs as many times as fast, so that waits of minutes are over in a moment. It can jump, as the clock of a laptop that wakes up.</summary>
/// <param name="start">Its first moment; null: the same always.</param>
internal sealed class FastTime(double factor, DateTimeOffset? start = null) : TimeProvider
{
    private readonly DateTimeOffset first = start ?? new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);
    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>How far the clock of the wall is off; time that passes is not changed by it.</summary>
    public TimeSpan Jump { get; set; }

    public override DateTimeOffset GetUtcNow() => first + Jump + (Stopwatch.GetElapsedTime(began) * factor);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (Stopwatch.GetElapsedTime(began) * factor).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private TimeSpan Scaled(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.TotalMilliseconds / factor)));
}
