using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>What pods cost a <c>ResourceQuota</c>, by its names, in base units.</summary>
internal static class QuotaUse
{
    public static ImmutableSortedDictionary<string, decimal> Of(IEnumerable<PodSpec> pods)
    {
        var count = 0;
        var requests = Resources.None;
        var limits = Resources.None;
        foreach (var pod in pods)
        {
            count++;
            requests += pod.Requests;
            limits += pod.Limits;
        }

        return new Dictionary<string, decimal>
        {
            ["pods"] = count,
            ["cpu"] = requests.MilliCpu / 1000m,
            ["requests.cpu"] = requests.MilliCpu / 1000m,
            ["memory"] = requests.MemoryBytes,
            ["requests.memory"] = requests.MemoryBytes,
            ["requests.ephemeral-storage"] = requests.EphemeralBytes,
            ["limits.cpu"] = limits.MilliCpu / 1000m,
            ["limits.memory"] = limits.MemoryBytes,
            ["limits.ephemeral-storage"] = limits.EphemeralBytes,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
