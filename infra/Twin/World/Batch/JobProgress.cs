using HaCluster.Simulation.Scheduling;

namespace HaCluster.Twin.World.Batch;

/// <summary>How far a Job is.</summary>
internal sealed class JobProgress
{
    public int Succeeded { get; set; }

    public int Failed { get; set; }

    /// <summary>Null while it is suspended.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it failed, as reason and message of the condition; null when it did not.</summary>
    public (string Reason, string Message)? Failure { get; set; }

    /// <summary>Its CronJob knows that it is over.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Pods whose end is planned.</summary>
    public HashSet<Pod> Watched { get; } = new(ReferenceEqualityComparer.Instance);

    public bool IsOver => EndedAt is not null;
}
