using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>A pod's <c>tolerations</c>, and the effects that taints name.</summary>
internal static class TolerationReader
{
    public static ImmutableArray<Toleration> Read(PropertyValue? tolerations) => [.. tolerations.Items().Select(One)];

    /// <summary>Effects in the spelling of Kubernetes and of EKS; null for none and for unknown words.</summary>
    private static TaintEffect? Effect(string? text) => text switch
    {
        "NoSchedule" or "NO_SCHEDULE" => TaintEffect.NoSchedule,
        "PreferNoSchedule" or "PREFER_NO_SCHEDULE" => TaintEffect.PreferNoSchedule,
        "NoExecute" or "NO_EXECUTE" => TaintEffect.NoExecute,
        _ => null,
    };

    /// <summary>A node's or a node group's <c>taints</c>.</summary>
    public static ImmutableArray<Taint> Taints(PropertyValue? taints) =>
    [
        .. taints.Items().Select(taint => new Taint(
            taint.At("key").Text() ?? "", taint.At("value").Text() ?? "", Effect(taint.At("effect").Text()) ?? TaintEffect.NoSchedule)),
    ];

    /// <summary>
    /// Why the API server refuses the pod; null when it takes it. <c>Gt</c> and <c>Lt</c> need a feature gate that 1.36 leaves off
    /// (https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/features/kube_features.go), and EKS enables no alpha features.
    /// </summary>
    public static string? Refusal(PropertyValue? tolerations) => tolerations.Items().FirstOrDefault(one => ComparisonOf(one) is not null) is { } found
        ? $"its toleration of {found.At("key").Text()} has the operator {found.At("operator").Text()}, which the API server takes only with the feature gate "
            + "TaintTolerationComparisonOperators (off by default, not on EKS); use Equal or Exists"
        : null;

    private static LabelOperator? ComparisonOf(PropertyValue toleration) =>
        toleration.At("operator").Text() switch { "Gt" => LabelOperator.Gt, "Lt" => LabelOperator.Lt, _ => null };

    private static Toleration One(PropertyValue toleration) => new(
        toleration.At("key").Text() is { Length: > 0 } key ? key : null,
        toleration.At("operator").Text() == "Exists",
        toleration.At("value").Text() ?? "",
        Effect(toleration.At("effect").Text()),
        toleration.At("tolerationSeconds").Integer() is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
    {
        Comparison = ComparisonOf(toleration),
    };
}
