using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A PodDisruptionBudget: one of the two bounds is set.</summary>
/// <param name="AlwaysEvictsUnhealthy"><c>unhealthyPodEvictionPolicy: AlwaysAllow</c>.</param>
public sealed record DisruptionBudget(
    string Namespace, string Name, LabelSelector? Selector, IntOrPercent? MinAvailable, IntOrPercent? MaxUnavailable, bool AlwaysEvictsUnhealthy = false)
{
    /// <summary>What the disruption controller says of it in a cluster that was read from its objects; null when it is only declared.</summary>
    public BudgetStatus? Status { get; init; }

    public bool Covers(string @namespace, IReadOnlyDictionary<string, string> labels) => Namespace == @namespace && Selector?.Matches(labels) == true;

    /// <summary>
    /// Pods that there should be of workloads that it covers and that have pods. Null when Kubernetes cannot tell, and so lets none of them go: a DaemonSet
    /// or a Job has no scale, and pods on their own count for none. Only a number as <c>minAvailable</c> does without
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/disruption/disruption.go, <c>getExpectedPodCount</c>).
    /// </summary>
    public int? Expected(IReadOnlyCollection<Workload> covered)
    {
        var expected = covered.Where(workload => workload.Kind != WorkloadKind.Pod).Sum(workload => workload.Replicas);
        if (MinAvailable is { IsPercent: false })
            return expected;
        return expected == 0 || covered.Any(workload => workload.Kind is WorkloadKind.DaemonSet or WorkloadKind.Job) ? null : expected;
    }

    /// <summary>Healthy pods that must remain of <paramref name="expected"/>.</summary>
    public int DesiredHealthy(int expected) =>
        MinAvailable is { } least ? least.Of(expected)
        : MaxUnavailable is { } most ? Math.Max(0, expected - most.Of(expected))
        : 0;
}

/// <summary><c>status</c> of a budget.</summary>
/// <param name="Disrupted">Names of pods whose eviction was allowed and is under way.</param>
public sealed record BudgetStatus(int DisruptionsAllowed, ImmutableHashSet<string> Disrupted);
