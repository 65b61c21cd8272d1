using System.Collections.Concurrent;
using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Which disruption budgets cover which pods: looked up once for pods that share their labels. May be asked by several threads.</summary>
public sealed class BudgetCover(IReadOnlyList<DisruptionBudget> budgets)
{
    /// <summary>Dictionaries of labels are equal when they are the same object.</summary>
    private readonly ConcurrentDictionary<(string Namespace, ImmutableSortedDictionary<string, string> Labels), int[]> _known = new();

    /// <summary>Indices into the list of budgets.</summary>
    internal int[] Of(Pod pod) => _known.GetOrAdd(
        (pod.Namespace, pod.Spec.Labels),
        (_, covered) => [.. Enumerable.Range(0, budgets.Count).Where(at => budgets[at].Covers(covered.Namespace, covered.Spec.Labels))],
        pod);

    /// <summary>A budget that selects everything, or a pod without labels, counts for nothing in preemption.</summary>
    internal bool Guards(int budget, Pod pod) => !pod.Spec.Labels.IsEmpty && budgets[budget].Selector?.Requirements.IsEmpty == false;

    /// <summary>Evictions that each budget still allows, <c>status.disruptionsAllowed</c>, with every bound pod taken for healthy.</summary>
    internal int[] AllowedIn(ClusterState state)
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

        return
        [
            .. budgets.Select((budget, at) => budget.Expected(covered[at]) is { } expected ? Math.Max(0, healthy[at] - budget.DesiredHealthy(expected)) : 0),
        ];
    }
}
