namespace HaCluster.Simulation.Running.Status;

/// <summary>The duration of each phase of a replica's recovery. Skipped phases are zero.</summary>
/// <param name="Pod">As <c>namespace/name</c>.</param>
/// <param name="LostAt">Virtual time at which it stopped serving.</param>
/// <param name="Detected">Until the failure was detected.</param>
/// <param name="Evicted">Until the pod was recreated.</param>
/// <param name="Scheduled">Until it was scheduled; includes launching an instance.</param>
/// <param name="VolumeAttached">Until its volume was attached.</param>
/// <param name="Started">Until it was ready.</param>
public sealed record RecoveryPhases(
    string Pod, TimeSpan LostAt, TimeSpan Detected, TimeSpan Evicted, TimeSpan Scheduled, TimeSpan VolumeAttached, TimeSpan Started)
{
    public TimeSpan Total => Detected + Evicted + Scheduled + VolumeAttached + Started;
}
