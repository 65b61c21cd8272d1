using HaCluster.Simulation.Running.Status;

namespace HaCluster.Simulation.Running.State;

/// <summary>The recovery of a replica so far: passed from the lost pod to its replacement.</summary>
internal sealed record Recovery(int Ordinal, TimeSpan LostAt)
{
    public TimeSpan? DetectedAt { get; init; }

    public TimeSpan? ReplacedAt { get; init; }

    public TimeSpan? ScheduledAt { get; init; }

    public TimeSpan? AttachedAt { get; init; }

    public RecoveryPhases Phases(string pod, TimeSpan readyAt)
    {
        // A deletion is detected at once; a failure that was never detected counts as detected at the replacement.
        var replaced = ReplacedAt ?? LostAt;
        var detected = DetectedAt is { } at && at < replaced ? at : replaced;
        var scheduled = ScheduledAt ?? replaced;
        var attached = AttachedAt ?? scheduled;
        return new RecoveryPhases(pod, LostAt, detected - LostAt, replaced - detected, scheduled - replaced, attached - scheduled, readyAt - attached);
    }
}
