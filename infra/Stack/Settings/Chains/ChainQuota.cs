using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Chains;

/// <summary>
/// The quota of the namespace of the chains, from what is declared in it: every node and one more of each set (a restore next to the
/// original), every front and one more (an update starts the new pod first), and the pods that keep them in order. A user's
/// <c>ha-cluster:quotas.chains</c> still has the last word.
/// </summary>
public static class ChainQuota
{
    private const int MaintenancePods = 10;
    private const decimal Gi = 1024m * 1024 * 1024;

    public static NamespaceProfile Sized(NamespaceProfile profile, ChainsSettings settings)
    {
        var pods = Pods(settings).ToArray();
        if (pods.Length == 0)
            return profile;

        var all = pods.SelectMany(pod => Enumerable.Repeat(pod, pod.Count)).ToArray();
        var containers = all.SelectMany(pod => pod.Containers).ToArray();
        var count = all.Length;
        var volumes = all.Count(pod => pod.Storage is not null);
        return profile with
        {
            Quota = profile.Quota with
            {
                Cpu = Quantity.Cores(Most(Sum(containers, size => size.Cpu), count * Quota.DefaultCpuRequest.Value)),
                CpuLimit = Quantity.Cores(Most(Sum(containers, size => size.CpuLimit), count * Quota.DefaultCpuLimit.Value)),
                Memory = Bytes(Most(Sum(containers, size => size.Memory), count * Quota.DefaultMemoryRequest.Value)),
                MemoryLimit = Bytes(Most(Sum(containers, size => size.Memory), count * Quota.DefaultMemoryLimit.Value)),
                EphemeralStorage = Bytes(Most(Sum(containers, size => size.EphemeralStorage), count * Quota.DefaultEphemeralStorageRequest.Value)),
                EphemeralStorageLimit = Bytes(Most(Sum(containers, size => size.EphemeralStorage), count * Quota.DefaultEphemeralStorageLimit.Value)),
                Pods = count,
                Volumes = volumes,
                Storage = Bytes(all.Sum(pod => pod.Storage?.Value ?? 0)),
                LargestVolume = Bytes(all.Max(pod => pod.Storage?.Value ?? 0)),
                Container = new ContainerCeiling(
                    Quantity.Cores(Largest(containers, size => size.CpuLimit)),
                    Bytes(Largest(containers, size => size.Memory)),
                    Bytes(Largest(containers, size => size.EphemeralStorage))),
            },
        };
    }

    private static IEnumerable<Kind> Pods(ChainsSettings settings)
    {
        if (settings.HasBitcoin)
        {
            yield return new(settings.Bitcoin.Replicas + 1, [settings.Bitcoin.Size.Container(), ChainSizes.Sentinel], settings.Bitcoin.Storage);
            yield return new(settings.Front.Replicas + 1, [ChainSizes.Front, ChainSizes.FrontReloader], null);
        }

        if (settings.HasEthereum)
        {
            yield return new(
                settings.Ethereum.Replicas + new[] { settings.Ethereum.Geth, settings.Ethereum.Reth }.Count(nodes => nodes > 0),
                [settings.Ethereum.Execution.Container(), settings.Ethereum.Consensus.Container(), ChainSizes.Sentinel],
                settings.Ethereum.Storage);
            yield return new(settings.Front.Replicas + 1, [ChainSizes.Front, ChainSizes.FrontReloader], null);
        }

        if (settings.HasBitcoin || settings.HasEthereum)
            yield return new(MaintenancePods, [ChainSizes.Maintenance], null);
    }

    private static decimal Sum(ContainerSize[] sizes, Func<ContainerSize, string> part) => sizes.Sum(size => Quantity.Parse(part(size)).Value);

    private static decimal Largest(ContainerSize[] sizes, Func<ContainerSize, string> part) => sizes.Max(size => Quantity.Parse(part(size)).Value);

    private static decimal Most(decimal declared, decimal byDefault) => Math.Max(declared, byDefault);

    private static Quantity Bytes(decimal bytes) => Quantity.Parse($"{Math.Ceiling(bytes / Gi):0}Gi");

    private sealed record Kind(int Count, ContainerSize[] Containers, Quantity? Storage);
}
