namespace HaCluster.Simulation.Running;

/// <summary>A replica's way back, as far as it has come: handed from the pod that was lost to the one that takes its place.</summary>
internal sealed record Recovery(int Ordinal, TimeSpan LostAt)
{
    public TimeSpan? DetectedAt { get; init; }

    public TimeSpan? ReplacedAt { get; init; }

    public TimeSpan? ScheduledAt { get; init; }

    public TimeSpan? AttachedAt { get; init; }

    public RecoveryPhases Phases(string pod, TimeSpan readyAt)
    {
        // Whoever deletes a pod knows at once; what was never detected was noticed when it was replaced.
        var replaced = ReplacedAt ?? LostAt;
        var detected = DetectedAt is { } at && at < replaced ? at : replaced;
        var scheduled = ScheduledAt ?? replaced;
        var attached = AttachedAt ?? scheduled;
        return new RecoveryPhases(pod, LostAt, detected - LostAt, replaced - detected, scheduled - replaced, attached - scheduled, readyAt - attached);
    }
}
