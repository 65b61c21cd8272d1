using HaCluster.Simulation.Running.Status;

namespace HaCluster.Simulation.Running.State;

/// <summary>Statistics of a workload since the last disruption.</summary>
internal sealed class ServingHistory
{
    private TimeSpan _at;
    private bool _isBelow;
    private bool _isFresh;

    public int Serving { get; private set; }

    public int LeastServing { get; private set; }

    public TimeSpan LeastAt { get; private set; }

    public TimeSpan Gap { get; private set; }

    public TimeSpan Below { get; private set; }

    public int Dead { get; private set; }

    public int MostDead { get; private set; }

    public TimeSpan? RestoredAt { get; private set; }

    /// <summary>The slowest recovery of a replica.</summary>
    public RecoveryPhases? Slowest { get; set; }

    public void Begin(TimeSpan now, int serving, int desired, int minServing)
    {
        Pass(now);
        (Gap, Below, MostDead, Slowest, RestoredAt) = (default, default, 0, null, serving >= desired ? now : null);
        (LeastServing, LeastAt) = (serving, now);
        Count(now, serving, Dead, desired, minServing);
        _isFresh = true;
    }

    /// <summary>Whether it just began and nothing was counted since.</summary>
    public bool IsFreshAt(TimeSpan now) => _isFresh && _at == now;

    /// <summary>Sets the state from <paramref name="now"/> on.</summary>
    public void Count(TimeSpan now, int serving, int dead, int desired, int minServing)
    {
        Pass(now);
        (Serving, Dead, _isBelow, _isFresh) = (serving, dead, serving < minServing, false);
        MostDead = Math.Max(MostDead, dead);
        if (serving < LeastServing)
            (LeastServing, LeastAt) = (serving, now);
        RestoredAt = serving >= desired ? RestoredAt ?? now : null;
    }

    /// <summary>Advances time without a change.</summary>
    public void Pass(TimeSpan now)
    {
        if (Dead > 0)
            Gap += now - _at;
        if (_isBelow)
            Below += now - _at;
        _at = now;
    }

    public ServingHistory Clone() => (ServingHistory)MemberwiseClone();
}
