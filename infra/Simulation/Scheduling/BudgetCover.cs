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

    /// <summary>
    /// Evictions that each budget still allows, <c>status.disruptionsAllowed</c>, with every bound pod taken for healthy. How many pods there should
    /// be is what the controllers say; a pod on its own counts as none, and one of a DaemonSet or a Job, which have no scale, makes the budget allow nothing.
    /// Only a number as <c>minAvailable</c> does without
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/disruption/disruption.go, <c>getExpectedPodCount</c>).
    /// </summary>
    internal int[] AllowedIn(ClusterState state)
    {
        var (healthy, expected, hasScale) = (new int[budgets.Count], new int[budgets.Count], new bool[budgets.Count]);
        Array.Fill(hasScale, true);
        var workloads = new HashSet<(int Budget, string Namespace, string Name)>();
        foreach (var pod in state.BoundPods)
        {
            foreach (var at in Of(pod))
            {
                healthy[at]++;
                if (pod.Workload.Kind is WorkloadKind.DaemonSet or WorkloadKind.Job)
                    hasScale[at] = false;
                else if (pod.Workload.Kind != WorkloadKind.Pod && workloads.Add((at, pod.Namespace, pod.Workload.Name)))
                    expected[at] += pod.Workload.Replicas;
            }
        }

        return [.. budgets.Select((budget, at) => budget.MinAvailable is { IsPercent: false }
            ? Left(budget, healthy[at], healthy[at])
            : hasScale[at] && expected[at] > 0 ? Left(budget, healthy[at], expected[at]) : 0)];
    }

    private static int Left(DisruptionBudget budget, int healthy, int expected) => Math.Max(0, healthy - budget.DesiredHealthy(expected));
}
