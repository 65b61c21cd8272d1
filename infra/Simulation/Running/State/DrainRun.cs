using System.Collections.Immutable;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.State;

/// <summary>A drain, in progress or ended.</summary>
internal sealed record DrainRun(string Node, TimeSpan StartedAt)
{
    /// <summary>When the refused evictions are retried; null when nothing changed since.</summary>
    public TimeSpan? RetryAt { get; init; }

    /// <summary>Value of <see cref="RunState.HealthVersion"/> at the last attempt.</summary>
    public int TriedAt { get; init; } = -1;

    /// <summary>Pods whose refusal was logged.</summary>
    public ImmutableHashSet<Pod> Refused { get; init; } = [];

    public bool IsOver { get; init; }

    /// <summary>Pods that did not leave in time, as text; null when none.</summary>
    public string? Left { get; init; }
}
