namespace HaCluster.Operations.Tests.Worlds;

/// <summary>
/// A clock that runs as many times as fast, so that waits of minutes are over in a moment. It can jump, as the clock of a laptop that wakes up. While this process
/// gets no turn it stands still (<see cref="AwakeTime"/>): what is to be done within seconds of it is done on a busy machine, too.
/// </summary>
/// <param name="start">Its first moment; null: the same always.</param>
internal sealed class FastTime(double factor, DateTimeOffset? start = null) : TimeProvider
{
    private readonly DateTimeOffset first = start ?? new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);
    private readonly TimeSpan began = AwakeTime.Elapsed;

    /// <summary>How far the clock of the wall is off; time that passes is not changed by it.</summary>
    public TimeSpan Jump { get; set; }

    private double Factor => factor;

    private TimeSpan Passed => (AwakeTime.Elapsed - began) * factor;

    public override DateTimeOffset GetUtcNow() => first + Jump + Passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new FastTimer(this, () => callback(state), dueTime, period);

    /// <summary>One of the system that waits again when it comes too early by this clock.</summary>
    private sealed class FastTimer : ITimer
    {
        private readonly Lock setting = new();
        private readonly FastTime time;
        private readonly Action callback;
        private readonly ITimer timer;
        private TimeSpan due;
        private TimeSpan period;

        public FastTimer(FastTime time, Action callback, TimeSpan dueTime, TimeSpan period)
        {
            (this.time, this.callback) = (time, callback);
            timer = System.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (setting)
            {
                (due, this.period) = (dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : time.Passed + dueTime, period);
                return Wait();
            }
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();

        private bool Wait() =>
            timer.Change(due == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((due - time.Passed).TotalMilliseconds / time.Factor))), Timeout.InfiniteTimeSpan);

        private void Fire()
        {
            lock (setting)
            {
                if (time.Passed < due)
                {
                    Wait();
                    return;
                }
                due = period > TimeSpan.Zero ? due + period : TimeSpan.MaxValue;
                Wait();
            }
            callback();
        }
    }
}
