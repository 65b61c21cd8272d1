using HaCluster.Simulation.Running.Clock;

namespace HaCluster.Simulation.Running;

/// <summary>The options of a run: permissions and delays.</summary>
public sealed record RunOptions
{
    /// <summary>Whether AWS launches instances. False: it refuses, as it may when a zone is lost.</summary>
    public bool CanLaunch { get; init; } = true;

    /// <summary>The seed for random decisions of Kubernetes; the same seed gives the same run.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Whether pods have the names that their controllers would give them, of which no two are equal; otherwise a number that a replacement takes over.
    /// </summary>
    public bool NamesPods { get; init; }

    /// <summary>
    /// How long a pod takes to end at most, within its grace period. A proof counts on the whole of it; most programs end much earlier when they are told to.
    /// </summary>
    public TimeSpan LongestShutdown { get; init; } = TimeSpan.MaxValue;

    public Timers Timers { get; init; } = Timers.Default;
}
