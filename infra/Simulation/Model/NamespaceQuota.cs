using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A ResourceQuota: hard limits in base units (cores, bytes, pieces) by the names Kubernetes gives them.</summary>
/// <param name="Setting">The prefix of the settings that change it, such as <c>quotas.chains</c>; null when there are none.</param>
public sealed record NamespaceQuota(string Namespace, string Name, ImmutableSortedDictionary<string, decimal> Hard, string? Setting = null)
{
    /// <summary>All of them must match for the quota to apply to a pod; without scopes it applies to every pod and to all other objects.</summary>
    public ImmutableArray<QuotaScope> Scopes { get; init; } = [];

    /// <summary>Whether pods of this spec count.</summary>
    public bool Binds(PodSpec pod) => Scopes.All(scope => scope.Matches(pod));

    /// <summary>
    /// A quota on cpu or memory requires every container to set it
    /// (https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/quota/v1/evaluator/core/pods.go, <c>Constraints</c>). Null when all do.
    /// </summary>
    public string? WhyRefused(PodSpec pod)
    {
        var missing = Binds(pod) ? Hard.Keys.Where(name => pod.Unstated.Contains(name is "cpu" or "memory" ? $"requests.{name}" : name)).ToList() : [];
        return missing.Count == 0 ? null : $"quota {Namespace}/{Name} limits {string.Join(", ", missing)}, which every container must then state; set it, or a default in a LimitRange";
    }

    /// <summary>The usage of one limit by a pod.</summary>
    public decimal UseOf(PodSpec pod, string name) => Binds(pod) ? QuotaUse.Of(pod, name) : 0;

    /// <summary>The usage of one limit by a claim. Scopes select pods only, so a scoped quota counts no claims.</summary>
    public decimal UseOf(VolumeClaim claim, string name) => Scopes.IsEmpty ? QuotaUse.Of(claim, name) : 0;
}

/// <summary>How many objects of a kind a namespace declares, as a quota counts them.</summary>
/// <param name="Name">Of the limit: <c>count/deployments.apps</c>, <c>services.loadbalancers</c>.</param>
public sealed record ObjectCount(string Namespace, string Name, int Count);
