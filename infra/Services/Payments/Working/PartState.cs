namespace HaCluster.Payments.Working;

/// <summary>What a loop knows of a part of its work.</summary>
internal sealed class PartState
{
    private int _failures;
    private long _began;
    private TimeSpan _pause;

    /// <summary>When the lease of this replica ends; null: it has none.</summary>
    public DateTimeOffset? HeldUntil { get; set; }

    /// <summary>It is queued, or worked on.</summary>
    public bool IsBegun { get; set; }

    public bool IsForgettable => HeldUntil is null && !IsBegun && _failures == 0;

    /// <summary>It has failed, and it is too early to try again.</summary>
    public bool Rests(TimeProvider clock) => _failures > 0 && clock.GetElapsedTime(_began) < _pause;

    /// <summary>Rests twice as long each time, counted from the beginning: a lease does, too.</summary>
    public void Failed(long began, TimeSpan every, TimeSpan longest)
    {
        _failures++;
        (_began, _pause) = (began, PauseAfter(_failures, every, longest));
    }

    public void Succeeded() => _failures = 0;

    public static TimeSpan PauseAfter(int failures, TimeSpan every, TimeSpan longest)
    {
        var pause = every * Math.Pow(2, Math.Min(failures, 5));
        return pause < longest ? pause : longest > every ? longest : every;
    }
}
