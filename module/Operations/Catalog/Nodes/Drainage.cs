using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Nodes;

/// <summary>Which pods leave nodes that are drained, and how.</summary>
internal static class Drainage
{
    /// <summary>The steps that empty the nodes: pods without state first, of all nodes; then one stateful set after the other; then what came in between.</summary>
    public static async Task<(IReadOnlyList<Step> Steps, IReadOnlyList<Refusal> Refusals)> PlanAsync(
        StepContext context, IReadOnlyList<V1Node> nodes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var names = nodes.Select(node => node.Metadata.Name).ToList();
        var pods = await LeavingAsync(context, names, cancellationToken);
        var budgets = await BudgetsAsync(context, cancellationToken);
        var steps = new List<Step>();
        foreach (var node in names)
        {
            if (pods.Any(pod => pod.Spec.NodeName == node && !IsStateful(pod)))
                steps.Add(new EvictStatelessStep(node, timeout));
        }
        foreach (var set in pods.Where(IsStateful).Select(SetOf).Distinct().Order())
            steps.Add(new EvictSetStep(set.Namespace, set.Kind, set.Name, names, timeout));
        steps.Add(new EmptyNodesStep(names, timeout));
        return (steps, [.. pods.Select(pod => RefusalFor(pod, budgets)).OfType<Refusal>()]);
    }

    /// <summary>As <c>kubectl drain</c> chooses them: not those of DaemonSets, not static ones, not those that have ended.</summary>
    public static async Task<IReadOnlyList<V1Pod>> LeavingAsync(StepContext context, IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        var scope = nodes.Count == 1 ? new ListScope(FieldSelector: $"spec.nodeName={nodes.First()}") : ListScope.All;
        return
        [
            .. from pod in (await context.Kubernetes.ListAsync(Kinds.Pods, scope, cancellationToken)).Items
               where pod.Spec.NodeName is not null && nodes.Contains(pod.Spec.NodeName)
               where pod.Status?.Phase is not ("Succeeded" or "Failed")
               where pod.Metadata.Annotations?.ContainsKey(StaticPods.MirrorAnnotation) != true && Owner(pod)?.Kind != "DaemonSet"
               orderby pod.Metadata.NamespaceProperty, pod.Metadata.Name
               select pod,
        ];
    }

    public static V1OwnerReference? Owner(V1Pod pod) => pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);

    /// <summary>It has an identity or a volume of its own: only one of its set leaves at a time.</summary>
    public static bool IsStateful(V1Pod pod) => Owner(pod)?.Kind == "StatefulSet" || pod.Spec.Volumes?.Any(volume => volume.PersistentVolumeClaim is not null) == true;

    public static (string Namespace, string Kind, string Name) SetOf(V1Pod pod) =>
        (pod.Metadata.NamespaceProperty, Owner(pod)?.Kind ?? "Pod", Owner(pod)?.Name ?? pod.Metadata.Name);

    public static string NameOf(V1Pod pod) => $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}";

    public static bool IsReady(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static async Task<IReadOnlyList<V1PodDisruptionBudget>> BudgetsAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Kubernetes.ListAsync(Kinds.Budgets, ListScope.All, cancellationToken)).Items;

    private static Refusal? RefusalFor(V1Pod pod, IReadOnlyList<V1PodDisruptionBudget> budgets)
    {
        if (Owner(pod) is null)
        {
            return new Refusal
            {
                Code = "BarePod",
                Reason = $"pod {NameOf(pod)} has no controller: nothing would recreate it",
                Pod = NameOf(pod),
                Forceable = true,
                Advice = "Delete it yourself, or use -Force to lose it",
            };
        }
        var budget = budgets.FirstOrDefault(budget => budget.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty && Selects(budget.Spec.Selector, pod));
        if (budget is null || budget.Status is not { } status || status.DisruptionsAllowed > 0 || status.CurrentHealthy < status.ExpectedPods)
            return null;
        // All its pods are healthy, and still it lets none go: waiting does not help.
        var name = $"{budget.Metadata.NamespaceProperty}/{budget.Metadata.Name}";
        return new Refusal
        {
            Code = "BudgetAllowsNone",
            Pod = NameOf(pod),
            Budget = name,
            Forceable = true,
            Reason = $"budget {name} allows no eviction although all {status.ExpectedPods} pods are healthy, so pod {NameOf(pod)} cannot be evicted",
            Advice = "Add a replica or lower minAvailable; -Force tries until the time-out, and still respects the budget",
        };
    }

    internal static bool Selects(V1LabelSelector? selector, V1Pod pod)
    {
        var labels = pod.Metadata.Labels ?? new Dictionary<string, string>();
        return selector is not null
            && (selector.MatchLabels ?? new Dictionary<string, string>()).All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value)
            && (selector.MatchExpressions ?? []).All(term => term.OperatorProperty switch
            {
                "In" => labels.TryGetValue(term.Key, out var value) && term.Values.Contains(value),
                "NotIn" => !labels.TryGetValue(term.Key, out var value) || !term.Values.Contains(value),
                "Exists" => labels.ContainsKey(term.Key),
                "DoesNotExist" => !labels.ContainsKey(term.Key),
                _ => false,
            });
    }
}
