using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>
/// One entry of a quota's <c>scopeSelector</c>, or of its <c>scopes</c>, which is one with <see cref="LabelOperator.Exists"/>
/// (https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes).
/// </summary>
public sealed record QuotaScope(string Name, LabelOperator Operator, ImmutableArray<string> Values)
{
    public const string OfPriorityClass = "PriorityClass";

    private static readonly ImmutableArray<string> OfPods =
        ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", OfPriorityClass, "CrossNamespacePodAffinity"];

    /// <summary>False for scopes of objects other than pods, and for unknown scopes.</summary>
    public bool IsOfPods => OfPods.Contains(Name);

    /// <summary>
    /// As the quota controller decides
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/quota/v1/evaluator/core/pods.go, <c>podMatchesScopeFunc</c>).
    /// </summary>
    public bool Matches(PodSpec pod) => Name switch
    {
        "Terminating" => pod.HasDeadline,
        "NotTerminating" => !pod.HasDeadline,
        "BestEffort" => pod.IsBestEffort,
        "NotBestEffort" => !pod.IsBestEffort,
        OfPriorityClass => MatchesClass(pod.PriorityClass),
        "CrossNamespacePodAffinity" => pod.Affinity.LooksIntoOtherNamespaces,
        _ => false,
    };

    /// <summary>An empty name means a pod without a class, which only <c>NotIn</c> and <c>DoesNotExist</c> select.</summary>
    private bool MatchesClass(string? name) => Operator switch
    {
        LabelOperator.In => name is not null && Values.Contains(name),
        LabelOperator.NotIn => name is null || !Values.Contains(name),
        LabelOperator.Exists => name is not null,
        LabelOperator.DoesNotExist => name is null,
        _ => false,
    };
}
