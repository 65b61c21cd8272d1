using System.Collections.Immutable;
using System.Globalization;

namespace HaCluster.Simulation.Model;

/// <summary>
/// The usage of a ResourceQuota by pods and claims, in base units, as the API server counts at admission
/// (https://kubernetes.io/docs/concepts/policy/resource-quotas/): a pod with its sidecars, init containers and overhead.
/// </summary>
public static class QuotaUse
{
    private const string OfClass = ".storageclass.storage.k8s.io/";
    private const string Requests = "requests.";

    private static readonly string[] Usual =
    [
        "pods", "cpu", "requests.cpu", "memory", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
    ];

    /// <param name="name">Of the limit: <c>requests.cpu</c> or its older spelling <c>cpu</c>, <c>pods</c>, <c>requests.nvidia.com/gpu</c>.</param>
    public static decimal Of(PodSpec pod, string name) => name switch
    {
        "pods" or "count/pods" => 1,
        "cpu" or "requests.cpu" => pod.Requests.MilliCpu / 1000m,
        "memory" or "requests.memory" => pod.Requests.MemoryBytes,
        "ephemeral-storage" or "requests.ephemeral-storage" => pod.Requests.EphemeralBytes,
        "limits.cpu" => pod.Limits.MilliCpu / 1000m,
        "limits.memory" => pod.Limits.MemoryBytes,
        "limits.ephemeral-storage" => pod.Limits.EphemeralBytes,
        _ => pod.Extended.GetValueOrDefault(name.StartsWith(Requests, StringComparison.Ordinal) ? name[Requests.Length..] : name),
    };

    /// <summary>The usual pod limits of a namespace quota, with the usage of these pods.</summary>
    public static ImmutableSortedDictionary<string, decimal> Of(IReadOnlyCollection<PodSpec> pods) =>
        Usual.ToImmutableSortedDictionary(name => name, name => pods.Sum(pod => Of(pod, name)), StringComparer.Ordinal);

    /// <param name="name">Such as <c>requests.storage</c>, <c>persistentvolumeclaims</c>, or either for one class.</param>
    public static decimal Of(VolumeClaim claim, string name)
    {
        var at = name.IndexOf(OfClass, StringComparison.Ordinal);
        if (at >= 0 && claim.StorageClass != name[..at])
            return 0;
        return (at < 0 ? name : name[(at + OfClass.Length)..]) switch
        {
            "persistentvolumeclaims" or "count/persistentvolumeclaims" => 1,
            "requests.storage" => claim.Bytes,
            _ => 0,
        };
    }

    /// <summary>Whether the limit is an amount of bytes.</summary>
    public static bool IsBytes(string name) =>
        name.EndsWith("memory", StringComparison.Ordinal) || name.EndsWith("storage", StringComparison.Ordinal) || name.Contains("hugepages-", StringComparison.Ordinal);

    /// <summary>The amount in the format of a quota.</summary>
    public static string Show(string name, decimal amount) => IsBytes(name)
        ? string.Create(CultureInfo.InvariantCulture, $"{amount / (1 << 30):0.##}Gi")
        : amount.ToString("0.###", CultureInfo.InvariantCulture);
}
