namespace HaCluster.Operations.Tests.Worlds;

/// <summary>The process was killed: nothing that it does afterwards has an effect.</summary>
internal sealed class ProcessKilledException() : Exception("killed");

/// <summary>What goes wrong, and when. One for each process that acts on a world.</summary>
internal sealed class Faults
{
    private int calls;
    private int changes;
    private int writes;

    /// <summary>Asked with the number of each call, from 1; what it returns is thrown instead of the call.</summary>
    public Func<int, string, Exception?> BeforeCall { get; init; } = (_, _) => null;

    /// <summary>Asked after each change; what it returns is thrown although the change was made.</summary>
    public Func<int, string, Exception?> AfterChange { get; init; } = (_, _) => null;

    /// <summary>Kill points: before or after a change of the world, before or after a write of the journal. Counted from 1.</summary>
    public int KillBeforeChange { get; init; } = -1;

    public int KillAfterChange { get; init; } = -1;

    public int KillBeforeWrite { get; init; } = -1;

    public int KillAfterWrite { get; init; } = -1;

    /// <summary>Writes of the journal from this one on fail as on a full disk.</summary>
    public int FullFromWrite { get; set; } = int.MaxValue;

    /// <summary>In a real process this does not return.</summary>
    public Action Kill { get; init; } = () => { };

    public bool IsDead { get; private set; }

    public int Changes => changes;

    public int Writes => writes;

    public void OnCall(string call, bool isChange)
    {
        ThrowIfDead();
        if (isChange && Interlocked.Increment(ref changes) == KillBeforeChange)
            Die();
        if (BeforeCall(Interlocked.Increment(ref calls), call) is { } failure)
            throw failure;
    }

    public void OnChanged(string call)
    {
        if (changes == KillAfterChange)
            Die();
        if (AfterChange(changes, call) is { } failure)
            throw failure;
    }

    public void OnWrite()
    {
        ThrowIfDead();
        if (Interlocked.Increment(ref writes) == KillBeforeWrite)
            Die();
    }

    public void OnWritten()
    {
        if (writes == KillAfterWrite)
            Die();
    }

    private void ThrowIfDead()
    {
        if (IsDead)
            throw new ProcessKilledException();
    }

    private void Die()
    {
        IsDead = true;
        Kill();
        throw new ProcessKilledException();
    }
}
