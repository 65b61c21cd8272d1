using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Evictions that a disruption budget still allows: <c>status.disruptionsAllowed</c>, with every bound pod taken for healthy.</summary>
internal sealed class BudgetRoom(DisruptionBudget budget, int allowed)
{
    private int _allowed = allowed;

    /// <summary>Takes one away when the budget covers the pod. True when there was none left.</summary>
    public bool IsViolatedBy(Pod pod) =>
        !pod.Spec.Labels.IsEmpty && budget.Selector?.Requirements.IsEmpty == false && budget.Covers(pod.Namespace, pod.Spec.Labels) && --_allowed < 0;

    /// <summary>
    /// How many pods there should be is what the controllers say; a pod on its own counts as one
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/disruption/disruption.go, <c>getExpectedPodCount</c>).
    /// </summary>
    public static int Of(DisruptionBudget budget, ClusterState state)
    {
        var (healthy, expected) = (0, 0);
        var workloads = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pod in state.BoundPods)
        {
            if (!budget.Covers(pod.Namespace, pod.Spec.Labels))
                continue;
            healthy++;
            if (pod.Workload.Kind is WorkloadKind.DaemonSet or WorkloadKind.Pod)
                expected++;
            else if (workloads.Add(pod.Workload.Id))
                expected += pod.Workload.Replicas;
        }

        var isCountedByPods = budget.MinAvailable is { IsPercent: false };
        return Math.Max(0, healthy - budget.DesiredHealthy(isCountedByPods ? healthy : expected));
    }
}
