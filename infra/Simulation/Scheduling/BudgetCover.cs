using System.Collections.Concurrent;
using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>The disruption budgets that cover each pod, cached for pods with equal labels. Thread-safe.</summary>
/// <param name="readsStatus">
/// Whether budgets allow the number in their status, as kube-scheduler reads it. Otherwise, and for budgets without a
/// status, it is computed from the pods.
/// </param>
public sealed class BudgetCover(IReadOnlyList<DisruptionBudget> budgets, bool readsStatus = false)
{
    /// <summary>Dictionaries of labels are equal when they are the same object.</summary>
    private readonly ConcurrentDictionary<(string Namespace, ImmutableSortedDictionary<string, string> Labels), int[]> _known = new();

    /// <summary>Indices into the list of budgets.</summary>
    internal int[] Of(Pod pod) => _known.GetOrAdd(
        (pod.Namespace, pod.Spec.Labels),
        (_, covered) => [.. Enumerable.Range(0, budgets.Count).Where(at => budgets[at].Covers(covered.Namespace, covered.Spec.Labels))],
        pod);

    /// <summary>Preemption ignores budgets that select everything, pods without labels, and pods whose eviction is in progress.</summary>
    internal bool Guards(int budget, Pod pod) => !pod.Spec.Labels.IsEmpty && budgets[budget].Selector?.Requirements.IsEmpty == false
        && !(readsStatus && budgets[budget].Status?.Disrupted.Contains(pod.Name) == true);

    /// <summary>Evictions that each budget still allows, <c>status.disruptionsAllowed</c>; without a status, all bound pods count as healthy.</summary>
    /// <param name="evicted">Pods that went since the status was written.</param>
    internal int[] AllowedIn(ClusterState state, IReadOnlyCollection<Pod> evicted)
    {
        var (healthy, covered) = (new int[budgets.Count], budgets.Select(_ => new HashSet<Workload>()).ToArray());
        foreach (var pod in state.BoundPods)
        {
            foreach (var at in Of(pod))
            {
                healthy[at]++;
                covered[at].Add(pod.Workload);
            }
        }

        return [.. budgets.Select(Allowed)];

        int Allowed(DisruptionBudget budget, int at) => readsStatus && budget.Status is { } status
            ? Math.Max(0, status.DisruptionsAllowed - evicted.Count(pod => Of(pod).Contains(at) && Guards(at, pod)))
            : budget.Expected(covered[at]) is { } expected ? Math.Max(0, healthy[at] - budget.DesiredHealthy(expected)) : 0;
    }
}
