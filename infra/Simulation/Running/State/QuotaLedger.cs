using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Running.State;

/// <summary>
/// The quota usage of the pods and claims of each namespace, as the API server counts it at admission
/// (https://kubernetes.io/docs/concepts/policy/resource-quotas/). Claims stay when their pod goes.
/// </summary>
public sealed class QuotaLedger
{
    private readonly Dictionary<string, List<(NamespaceQuota Quota, Dictionary<string, decimal> Used)>> _quotas = [];
    private readonly Dictionary<ClaimKey, VolumeClaim> _claims = [];

    /// <param name="claims">Claims that exist before any pod.</param>
    public QuotaLedger(IEnumerable<NamespaceQuota> quotas, IEnumerable<PersistentVolumeClaim> claims)
    {
        foreach (var byNamespace in quotas.GroupBy(quota => quota.Namespace))
            _quotas[byNamespace.Key] = [.. byNamespace.Select(quota => (quota, new Dictionary<string, decimal>()))];
        foreach (var claim in claims)
        {
            if (_claims.TryAdd(new ClaimKey(claim.Namespace, claim.Name), claim.Request) && _quotas.TryGetValue(claim.Namespace, out var used))
                Count(used, (quota, name) => quota.UseOf(claim.Request, name));
        }
    }

    private QuotaLedger(QuotaLedger other)
    {
        foreach (var (name, quotas) in other._quotas)
            _quotas[name] = [.. quotas.Select(quota => (quota.Quota, new Dictionary<string, decimal>(quota.Used)))];
        _claims = new Dictionary<ClaimKey, VolumeClaim>(other._claims);
    }

    /// <summary>The quotas with what is used of each, in the order of namespaces.</summary>
    public IEnumerable<(NamespaceQuota Quota, IReadOnlyDictionary<string, decimal> Used)> All =>
        _quotas.Values.SelectMany(quotas => quotas).Select(quota => (quota.Quota, (IReadOnlyDictionary<string, decimal>)quota.Used));

    /// <summary>Other quotas over the same pods and claims.</summary>
    /// <param name="claims">Claims that exist, in their present sizes.</param>
    /// <param name="pods">Those that count.</param>
    internal QuotaLedger With(IEnumerable<NamespaceQuota> quotas, IEnumerable<PersistentVolumeClaim> claims, IEnumerable<Pod> pods)
    {
        var sizes = claims.ToDictionary(claim => new ClaimKey(claim.Namespace, claim.Name), claim => claim.Request);
        var known = _claims.Where(claim => !sizes.ContainsKey(claim.Key)).Concat(sizes);
        var ledger = new QuotaLedger(quotas, known.Select(claim => new PersistentVolumeClaim(claim.Key.Namespace, claim.Key.Name, claim.Value)));
        foreach (var pod in pods)
            ledger.Take(pod);
        return ledger;
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
                var needed = UseOf(quota, pod, claims, name);
                if (needed > 0 && used.GetValueOrDefault(name) + needed > hard)
                    return $"quota {quota.Namespace}/{quota.Name}: {name} needs {QuotaUse.Show(name, needed)}, "
                        + $"{QuotaUse.Show(name, used.GetValueOrDefault(name))} of {QuotaUse.Show(name, hard)} is used";
            }
        }

        Count(quotas, (quota, name) => UseOf(quota, pod, claims, name));
        foreach (var (key, claim) in added)
            _claims.TryAdd(key, claim);
        return null;
    }

    /// <summary>Counts an existing pod, even above the quota.</summary>
    public void Take(Pod pod)
    {
        if (_quotas.TryGetValue(pod.Namespace, out var quotas))
            Count(quotas, (quota, name) => quota.UseOf(pod.Spec, name));
    }

    /// <summary>The claim no longer counts.</summary>
    internal void Forget(ClaimKey key)
    {
        if (_claims.Remove(key, out var claim) && _quotas.TryGetValue(key.Namespace, out var quotas))
            Count(quotas, (quota, name) => -quota.UseOf(claim, name));
    }

    /// <summary>The pod no longer counts.</summary>
    public bool Release(Pod pod)
    {
        if (!_quotas.TryGetValue(pod.Namespace, out var quotas))
            return false;
        Count(quotas, (quota, name) => -quota.UseOf(pod.Spec, name));
        return true;
    }

    private static decimal UseOf(NamespaceQuota quota, Pod pod, VolumeClaim[] claims, string name) =>
        quota.UseOf(pod.Spec, name) + claims.Sum(claim => quota.UseOf(claim, name));

    /// <summary>Claims that are created with the pod.</summary>
    private (ClaimKey Key, VolumeClaim Claim)[] NewClaims(Pod pod) => pod.Spec.Volumes.IsEmpty ? [] :
    [
        .. pod.Claims.Zip(pod.Spec.Volumes).Where(claim => claim.Second.Owner is (ClaimOwner.StatefulSet or ClaimOwner.Pod) && !_claims.ContainsKey(claim.First)),
    ];

    private static void Count(List<(NamespaceQuota Quota, Dictionary<string, decimal> Used)> quotas, Func<NamespaceQuota, string, decimal> amount)
    {
        foreach (var (quota, used) in quotas)
        {
            foreach (var name in quota.Hard.Keys)
                used[name] = used.GetValueOrDefault(name) + amount(quota, name);
        }
    }
}
