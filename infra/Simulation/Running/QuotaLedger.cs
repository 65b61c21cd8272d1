using System.Globalization;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Running;

/// <summary>
/// What the pods and claims of each namespace use of its quotas, as the API server admits them
/// (https://kubernetes.io/docs/concepts/policy/resource-quotas/). Claims stay when their pod goes.
/// </summary>
internal sealed class QuotaLedger
{
    private const string OfClass = ".storageclass.storage.k8s.io/";

    private readonly Dictionary<string, List<(NamespaceQuota Quota, Dictionary<string, decimal> Used)>> _quotas = [];
    private readonly HashSet<ClaimKey> _claims = [];

    /// <param name="claims">Those that exist before any pod.</param>
    public QuotaLedger(IEnumerable<NamespaceQuota> quotas, IEnumerable<PersistentVolumeClaim> claims)
    {
        foreach (var byNamespace in quotas.GroupBy(quota => quota.Namespace))
            _quotas[byNamespace.Key] = [.. byNamespace.Select(quota => (quota, new Dictionary<string, decimal>()))];
        foreach (var claim in claims)
        {
            if (_claims.Add(new ClaimKey(claim.Namespace, claim.Name)) && _quotas.TryGetValue(claim.Namespace, out var used))
                Count(used, name => AmountOf([claim.Request], name));
        }
    }

    private QuotaLedger(QuotaLedger other)
    {
        foreach (var (name, quotas) in other._quotas)
            _quotas[name] = [.. quotas.Select(quota => (quota.Quota, new Dictionary<string, decimal>(quota.Used)))];
        _claims = [.. other._claims];
    }

    public QuotaLedger Clone() => new(this);

    /// <summary>Why the pod may not be created; null when it was, and is now counted.</summary>
    public string? Admit(Pod pod)
    {
        if (!_quotas.TryGetValue(pod.Namespace, out var quotas))
            return null;
        var added = NewClaims(pod);
        var claims = added.Select(claim => claim.Claim).ToArray();
        foreach (var (quota, used) in quotas)
        {
            foreach (var (name, hard) in quota.Hard)
            {
                var needed = AmountOf(pod.Spec, name) + AmountOf(claims, name);
                if (needed > 0 && used.GetValueOrDefault(name) + needed > hard)
                    return $"quota {quota.Namespace}/{quota.Name}: {name} needs {Text(name, needed)}, "
                        + $"{Text(name, used.GetValueOrDefault(name))} of {Text(name, hard)} is used";
            }
        }

        Count(quotas, name => AmountOf(pod.Spec, name) + AmountOf(claims, name));
        _claims.UnionWith(added.Select(claim => claim.Key));
        return null;
    }

    /// <summary>The pod no longer counts.</summary>
    public bool Release(Pod pod)
    {
        if (!_quotas.TryGetValue(pod.Namespace, out var quotas))
            return false;
        Count(quotas, name => -AmountOf(pod.Spec, name));
        return true;
    }

    /// <summary>Those that are made with the pod.</summary>
    private (ClaimKey Key, VolumeClaim Claim)[] NewClaims(Pod pod) => pod.Spec.Volumes.IsEmpty ? [] :
    [
        .. pod.Claims.Zip(pod.Spec.Volumes).Where(claim => claim.Second.Owner is (ClaimOwner.StatefulSet or ClaimOwner.Pod) && !_claims.Contains(claim.First)),
    ];

    private static void Count(List<(NamespaceQuota Quota, Dictionary<string, decimal> Used)> quotas, Func<string, decimal> amount)
    {
        foreach (var (quota, used) in quotas)
        {
            foreach (var name in quota.Hard.Keys)
                used[name] = used.GetValueOrDefault(name) + amount(name);
        }
    }

    private static decimal AmountOf(PodSpec pod, string name) => name switch
    {
        "pods" or "count/pods" => 1,
        "cpu" or "requests.cpu" => pod.Requests.MilliCpu / 1000m,
        "memory" or "requests.memory" => pod.Requests.MemoryBytes,
        "ephemeral-storage" or "requests.ephemeral-storage" => pod.Requests.EphemeralBytes,
        "limits.cpu" => pod.Limits.MilliCpu / 1000m,
        "limits.memory" => pod.Limits.MemoryBytes,
        "limits.ephemeral-storage" => pod.Limits.EphemeralBytes,
        _ => name.StartsWith("requests.", StringComparison.Ordinal) ? pod.Extended.GetValueOrDefault(name["requests.".Length..]) : 0,
    };

    private static decimal AmountOf(VolumeClaim[] claims, string name)
    {
        if (claims.Length == 0)
            return 0;
        var at = name.IndexOf(OfClass, StringComparison.Ordinal);
        var counted = at < 0 ? claims : [.. claims.Where(claim => claim.StorageClass == name[..at])];
        return (at < 0 ? name : name[(at + OfClass.Length)..]) switch
        {
            "persistentvolumeclaims" or "count/persistentvolumeclaims" => counted.Length,
            "requests.storage" => counted.Sum(claim => claim.Bytes),
            _ => 0,
        };
    }

    private static string Text(string name, decimal amount) =>
        name.EndsWith("memory", StringComparison.Ordinal) || name.EndsWith("storage", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{amount / (1 << 30):0.##}Gi")
            : amount.ToString("0.###", CultureInfo.InvariantCulture);
}
