namespace HaCluster.Simulation.Model;

/// <summary>Amounts of node resources. Whole numbers, as the scheduler counts: millicores and bytes.</summary>
public readonly record struct Resources(long MilliCpu, long MemoryBytes, long EphemeralBytes)
{
    /// <summary>
    /// Requests taken for scoring when there are none
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/util/pod_resources.go).
    /// </summary>
    public const long AssumedMilliCpu = 100;
    public const long AssumedMemoryBytes = 200 * 1024 * 1024;

    public static readonly Resources None;

    public static Resources operator +(Resources left, Resources right) => new(
        left.MilliCpu + right.MilliCpu, left.MemoryBytes + right.MemoryBytes, left.EphemeralBytes + right.EphemeralBytes);

    public static Resources operator -(Resources left, Resources right) => new(
        left.MilliCpu - right.MilliCpu, left.MemoryBytes - right.MemoryBytes, left.EphemeralBytes - right.EphemeralBytes);

    public static Resources operator *(Resources amount, int times) => new(
        amount.MilliCpu * times, amount.MemoryBytes * times, amount.EphemeralBytes * times);

    /// <summary>The larger of each.</summary>
    public static Resources Max(Resources left, Resources right) => new(
        Math.Max(left.MilliCpu, right.MilliCpu), Math.Max(left.MemoryBytes, right.MemoryBytes), Math.Max(left.EphemeralBytes, right.EphemeralBytes));

    public bool FitsInto(Resources room) =>
        MilliCpu <= room.MilliCpu && MemoryBytes <= room.MemoryBytes && EphemeralBytes <= room.EphemeralBytes;
}
