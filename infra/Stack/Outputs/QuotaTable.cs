using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Outputs;

/// <summary>Quotas for the stack's outputs.</summary>
public static class QuotaTable
{
    public static ImmutableDictionary<string, object> Of(IEnumerable<NamespaceProfile> namespaces) =>
        namespaces.ToImmutableDictionary(profile => profile.Name, profile => (object)Row(profile.Quota));

    private static ImmutableDictionary<string, object> Row(Quota quota) => ImmutableDictionary.CreateRange<string, object>(
    [
        new("cpu", quota.Cpu.ToString()),
        new("cpuLimit", quota.CpuLimit.ToString()),
        new("memory", quota.Memory.ToString()),
        new("ephemeralStorage", quota.EphemeralStorage.ToString()),
        new("storage", quota.Storage.ToString()),
        new("pods", quota.Pods),
        new("volumes", quota.Volumes),
        new("loadBalancers", quota.LoadBalancers),
    ]);
}
