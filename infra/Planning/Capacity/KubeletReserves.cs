using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Capacity;

/// <summary>The reserves of the kubelet of a node. Cores and bytes, shares from 0 to 1.</summary>
public sealed record KubeletReserves
{
    private const long Mebi = 1024 * 1024;
    private const long Gibi = 1024 * Mebi;

    public Resources Kubelet { get; init; }

    public Resources System { get; init; }

    /// <summary>Memory below which the kubelet evicts.</summary>
    public long EvictionMemoryBytes { get; init; }

    /// <summary>Share of the disk below which the kubelet evicts.</summary>
    public decimal EvictionDiskShare { get; init; }

    /// <summary>
    /// The default reserves of nodeadm in Amazon Linux 2023 (https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go):
    /// of cores 6 % of the first, 1 % of the second, 0.5 % of the next two and 0.25 % of the rest; 255 MiB and 11 MiB for each pod that the
    /// network interfaces hold without prefixes, whatever <c>maxPods</c> says; 1 GiB of disk; eviction at 100 MiB and a tenth of the disk.
    /// </summary>
    public static KubeletReserves OfNodeadm(int virtualCpus, int podsWithoutPrefixes) => new()
    {
        Kubelet = new Resources(MilliCpuFor(virtualCpus * 1000L), ((11L * podsWithoutPrefixes) + 255) * Mebi, Gibi),
        EvictionMemoryBytes = 100 * Mebi,
        EvictionDiskShare = 0.10m,
    };

    /// <summary>The amount that is allocatable to pods (https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/).</summary>
    public Resources AllocatableOf(Resources capacity)
    {
        var evictionDisk = (long)(capacity.EphemeralBytes * EvictionDiskShare);
        var left = capacity - Kubelet - System - new Resources(0, EvictionMemoryBytes, evictionDisk);
        return Resources.Max(left, Resources.None);
    }

    private static long MilliCpuFor(long total)
    {
        (long From, long To, long TenThousandths)[] ranges = [(0, 1000, 600), (1000, 2000, 100), (2000, 4000, 50), (4000, total, 25)];
        return ranges.Where(range => total > range.From).Sum(range => (Math.Min(total, range.To) - range.From) * range.TenThousandths / 10_000);
    }
}
