using System.Globalization;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Sites;

/// <summary>
/// What the namespace of a site may take: every replica, the one more of a rolling update, and as many again that still finish their last
/// requests. A pod counts until it has terminated, and an update stops if the quota has no room for the next pod.
/// </summary>
public static class SiteQuota
{
    private const decimal Mebibyte = 1024m * 1024;

    public static Quota For(int maxReplicas, Quantity cpu, Quantity cpuLimit, Quantity memory, Quantity ephemeralStorage)
    {
        var pods = 2 * maxReplicas + 1;
        return new Quota
        {
            Cpu = Quantity.Cores(pods * cpu.Value),
            CpuLimit = Quantity.Cores(pods * cpuLimit.Value),
            Memory = Mebibytes(pods * memory.Value),
            MemoryLimit = Mebibytes(pods * memory.Value),
            EphemeralStorage = Mebibytes(pods * ephemeralStorage.Value),
            EphemeralStorageLimit = Mebibytes(pods * ephemeralStorage.Value),
            Pods = pods,
            Volumes = 0,
            Storage = Quantity.Parse("0"),
            LoadBalancers = 0,
            LargestVolume = Quantity.Parse("0"),

            // The default request of a container must not exceed its maximum.
            Container = new ContainerCeiling(
                Larger(cpuLimit, Quota.DefaultCpuRequest),
                Larger(memory, Quota.DefaultMemoryRequest),
                Larger(ephemeralStorage, Quota.DefaultEphemeralStorageRequest)),
        };
    }

    private static Quantity Larger(Quantity one, Quantity other) => one > other ? one : other;

    private static Quantity Mebibytes(decimal bytes) =>
        Quantity.Parse(Math.Ceiling(bytes / Mebibyte).ToString("0", CultureInfo.InvariantCulture) + "Mi");
}
