namespace HaCluster.Twin.World;

/// <summary>
/// The relation of virtual time to a clock: the same, faster by a factor, or moved by hand. What happens is stamped with the clock's time, so that ages
/// that clients compute are right.
/// </summary>
public sealed class WorldClock
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;
    private readonly Stepper? _stepper;

    private WorldClock(TimeProvider time, double speed)
    {
        (_time, Speed, _start, _stepper) = (time, speed, time.GetUtcNow(), time as Stepper);
    }

    /// <summary>Seconds of virtual time in a second of the clock.</summary>
    public double Speed { get; }

    /// <summary>Whether time passes only when <see cref="Step"/> is called.</summary>
    public bool IsStepped => _stepper is not null;

    /// <summary>For the objects of the world.</summary>
    public TimeProvider Time => _time;

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now => (_time.GetUtcNow() - _start) * Speed;

    /// <exception cref="ArgumentOutOfRangeException">The speed is not a positive number.</exception>
    public static WorldClock Running(TimeProvider time, double speed = 1)
    {
        if (!(speed > 0) || double.IsInfinity(speed))
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "the speed of a twin is a positive number: 1 is real time");
        return new WorldClock(time, speed);
    }

    /// <summary>A clock that stands still between steps; it starts at the same time always, so that two runs are equal.</summary>
    public static WorldClock Stepped() => new(new Stepper(), 1);

    /// <exception cref="InvalidOperationException">The clock runs by itself.</exception>
    public void Step(TimeSpan time)
    {
        if (_stepper is null)
            throw new InvalidOperationException("this clock runs by itself");
        _stepper.Move(time);
    }

    public DateTimeOffset At(TimeSpan virtualTime) => _start + (virtualTime / Speed);

    /// <summary>The date in the world, by which schedules are due: it passes as fast as virtual time.</summary>
    public DateTimeOffset DateOf(TimeSpan virtualTime) => _start + virtualTime;

    /// <summary>When the world has, or had, this date; in virtual time.</summary>
    public TimeSpan TimeOf(DateTimeOffset date) => date - _start;

    /// <summary>The clock's time until a virtual time; zero when it is past.</summary>
    public TimeSpan Until(TimeSpan virtualTime) => At(virtualTime) - _time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private sealed class Stepper : TimeProvider
    {
        private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

        public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

        public void Move(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
