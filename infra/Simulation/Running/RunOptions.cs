namespace HaCluster.Simulation.Running;

/// <summary>What a run may do and how fast things are.</summary>
public sealed record RunOptions
{
    /// <summary>AWS starts instances when asked. False: it refuses, as it may exactly when a zone is lost.</summary>
    public bool CanLaunch { get; init; } = true;

    /// <summary>Decides what Kubernetes leaves to chance; the same seed gives the same run.</summary>
    public int Seed { get; init; }

    public Timers Timers { get; init; } = Timers.Default;
}
