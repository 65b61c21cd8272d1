namespace HaCluster.Simulation.Running;

/// <summary>How long each part of a replica's way back took. Parts that take no time are zero.</summary>
/// <param name="Pod">As <c>namespace/name</c>.</param>
/// <param name="LostAt">Virtual time at which it stopped serving.</param>
/// <param name="Detected">Until the cluster knew.</param>
/// <param name="Evicted">Until the pod was made again.</param>
/// <param name="Scheduled">Until a node took it; includes starting an instance.</param>
/// <param name="VolumeAttached">Until its volume was there.</param>
/// <param name="Started">Until it was ready.</param>
public sealed record RecoveryPhases(
    string Pod, TimeSpan LostAt, TimeSpan Detected, TimeSpan Evicted, TimeSpan Scheduled, TimeSpan VolumeAttached, TimeSpan Started)
{
    public TimeSpan Total => Detected + Evicted + Scheduled + VolumeAttached + Started;
}
