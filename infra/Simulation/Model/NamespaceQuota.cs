using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A ResourceQuota: hard limits in base units (cores, bytes, pieces) by the names Kubernetes gives them.</summary>
/// <param name="Setting">Beginning of the settings that change it, such as <c>quotas.chains</c>; null when there are none.</param>
public sealed record NamespaceQuota(string Namespace, string Name, ImmutableSortedDictionary<string, decimal> Hard, string? Setting = null)
{
    /// <summary>All of them must match a pod that it binds; without any it binds every pod, and whatever else is counted.</summary>
    public ImmutableArray<QuotaScope> Scopes { get; init; } = [];

    /// <summary>Whether pods like this one count.</summary>
    public bool Binds(PodSpec pod) => Scopes.All(scope => scope.Matches(pod));

    /// <summary>
    /// Of cpu and memory a quota wants every container to speak
    /// (https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/quota/v1/evaluator/core/pods.go, <c>Constraints</c>). Null when they do.
    /// </summary>
    public string? WhyRefused(PodSpec pod)
    {
        var missing = Binds(pod) ? Hard.Keys.Where(name => pod.Unstated.Contains(name is "cpu" or "memory" ? $"requests.{name}" : name)).ToList() : [];
        return missing.Count == 0 ? null : $"quota {Namespace}/{Name} limits {string.Join(", ", missing)}, which every container must then state; set it, or a default in a LimitRange";
    }

    /// <summary>What a pod takes of one limit.</summary>
    public decimal UseOf(PodSpec pod, string name) => Binds(pod) ? QuotaUse.Of(pod, name) : 0;

    /// <summary>What a claim takes of one limit. Scopes are about pods: a quota with some counts no claims.</summary>
    public decimal UseOf(VolumeClaim claim, string name) => Scopes.IsEmpty ? QuotaUse.Of(claim, name) : 0;
}
