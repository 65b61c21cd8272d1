using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Pods;

/// <summary>Something that runs more than once in the cluster.</summary>
/// <param name="Where">The path within the resource where the number stands; empty for a workload of the graph.</param>
/// <param name="IsSpread">Whether its replicas keep apart over zones or nodes, at least as well as the moment allows.</param>
/// <param name="HasBudget">Whether a disruption budget holds a drain back.</param>
internal sealed record ReplicatedWorkload(ResourceNode Resource, string Where, int Replicas, bool IsSpread, bool HasBudget)
{
    private static readonly ImmutableArray<string> SpreadNames =
        ["topologySpreadConstraints", "podAntiAffinity", "podAntiAffinityPreset", "affinity"];

    private static readonly ImmutableArray<string> BudgetNames = ["podDisruptionBudget", "pdb"];

    private static readonly string[] Domains = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];

    /// <summary>How the resource is called in a complaint: <c>3 replicas</c>, with the path where it has one.</summary>
    public string Count => Where.Length == 0 ? $"{Replicas} replicas" : $"{Replicas} replicas ({Where})";

    public static ImmutableArray<ReplicatedWorkload> Of(PolicyGraph graph)
    {
        var workloads = graph.Pods.Select(pods => OfWorkload(pods, graph)).OfType<ReplicatedWorkload>();
        var values = graph.Trees.SelectMany(tree => tree.Branches.Select(branch => OfBranch(tree, branch))).OfType<ReplicatedWorkload>();
        return [.. workloads.Concat(values).Where(set => set.Replicas > 1)];
    }

    private static ReplicatedWorkload? OfWorkload(DeclaredPods pods, PolicyGraph graph)
    {
        var spec = pods.Resource.Inputs.At("spec");
        if (DeclaredPods.IsEnvoyProxy(pods.Resource.Type))
        {
            var provider = spec.At("provider", "kubernetes");
            var count = Math.Max(provider.At("envoyHpa", "minReplicas").Integer() ?? 1, provider.At("envoyDeployment", "replicas").Integer() ?? 1);
            return new ReplicatedWorkload(pods.Resource, "", count, IsSpreadOut(pods.Spec), IsBudget(provider.At("envoyPDB")));
        }

        return pods.Resource.Type is "kubernetes:apps/v1:Deployment" or "kubernetes:apps/v1:StatefulSet" or "kubernetes:apps/v1:ReplicaSet"
            ? new ReplicatedWorkload(
                pods.Resource,
                "",
                Math.Max(spec.At("replicas").Integer() ?? 1, ScaledTo(pods, graph)),
                IsSpreadOut(pods.Spec),
                graph.Of("kubernetes:policy/v1:PodDisruptionBudget").Any(budget => Covers(budget, pods)))
            : null;
    }

    private static ReplicatedWorkload? OfBranch(ValueTree tree, ValueBranch branch) => branch.Replicas is { } count
        ? new ReplicatedWorkload(tree.Resource, branch.Path, count, branch.Said(SpreadNames).Any(IsSpreadValue),
            branch.Said(BudgetNames).Any(IsBudget))
        : null;

    /// <summary>The least number that an autoscaler keeps it at; 1 when there is none.</summary>
    private static int ScaledTo(DeclaredPods pods, PolicyGraph graph)
    {
        var kind = pods.Resource.Type.Split(':')[^1];
        var name = pods.Resource.Inputs.At("metadata", "name").Text();
        return graph.Of("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:autoscaling/v1:HorizontalPodAutoscaler")
            .Where(scaler => PolicyGraph.NamespaceOf(scaler) == pods.Namespace)
            .Where(scaler => scaler.Inputs.At("spec", "scaleTargetRef", "kind").Text() == kind
                && scaler.Inputs.At("spec", "scaleTargetRef", "name").Text() == name)
            .Select(scaler => scaler.Inputs.At("spec", "minReplicas").Integer() ?? 1)
            .DefaultIfEmpty(1)
            .Max();
    }

    private static bool IsSpreadOut(PropertyValue? pod) =>
        pod.At("topologySpreadConstraints").Items().Any(NamesDomain) || HasAntiAffinity(pod.At("affinity", "podAntiAffinity"));

    private static bool HasAntiAffinity(PropertyValue? rule) =>
        rule.At("requiredDuringSchedulingIgnoredDuringExecution").Items().Any(NamesDomain)
        || rule.At("preferredDuringSchedulingIgnoredDuringExecution").Items().Any(term => NamesDomain(term.At("podAffinityTerm") ?? term));

    private static bool NamesDomain(PropertyValue? term) => term.At("topologyKey").Text() is { } key && Domains.Contains(key);

    /// <summary>In charts: constraints, an affinity, or the word (<c>soft</c>, <c>hard</c>) from which the chart makes one.</summary>
    private static bool IsSpreadValue(PropertyValue value) => value switch
    {
        PropertyValue.List list => list.Items.Any(NamesDomain),
        PropertyValue.Text text => text.Value.Length > 0,
        _ => HasAntiAffinity(value.At("podAntiAffinity")) || HasAntiAffinity(value),
    };

    private static bool IsBudget(PropertyValue? budget) =>
        budget.At("enabled") is { } enabled ? enabled.IsTrue() : budget.At("maxUnavailable") is not null || budget.At("minAvailable") is not null;

    private static bool Covers(ResourceNode budget, DeclaredPods pods)
    {
        var labels = pods.Resource.Inputs.At("spec", "template", "metadata", "labels");
        var selector = budget.Inputs.At("spec", "selector");
        return PolicyGraph.NamespaceOf(budget) == pods.Namespace
            && selector is not null
            && selector.At("matchLabels").Entries().All(entry => labels.At(entry.Key).Text() is { } value && value == entry.Value.Text())
            && selector.At("matchExpressions").Items().All(expression => Accepts(expression, labels));
    }

    // https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
    private static bool Accepts(PropertyValue expression, PropertyValue? labels)
    {
        var label = labels.At(expression.At("key").Text() ?? "").Text();
        var values = expression.At("values").Texts();
        return expression.At("operator").Text() switch
        {
            "In" => label is not null && values.Contains(label),
            "NotIn" => label is null || !values.Contains(label),
            "Exists" => label is not null,
            "DoesNotExist" => label is null,
            _ => false,
        };
    }
}
