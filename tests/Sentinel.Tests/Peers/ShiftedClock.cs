namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>The clock of the system, set wrong, or hours later than it is. Timers run as ever, so programs beside it do not notice.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _elapsed;
    private long _wrong;

    /// <summary>By which the time of day is wrong; how long ago something was does not change.</summary>
    public TimeSpan Wrong
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _wrong));
        set => Interlocked.Exchange(ref _wrong, value.Ticks);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>So much time has gone by at once.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref _elapsed, time.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _elapsed)) + Wrong;

    public override long GetTimestamp() => System.GetElapsedTime(0, System.GetTimestamp()).Ticks + Interlocked.Read(ref _elapsed);
}
