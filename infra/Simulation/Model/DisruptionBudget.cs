using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A PodDisruptionBudget: one of the two bounds is set.</summary>
/// <param name="AlwaysEvictsUnhealthy"><c>unhealthyPodEvictionPolicy: AlwaysAllow</c>.</param>
public sealed record DisruptionBudget(
    string Namespace, string Name, LabelSelector? Selector, IntOrPercent? MinAvailable, IntOrPercent? MaxUnavailable, bool AlwaysEvictsUnhealthy = false)
{
    /// <summary>The status from the disruption controller, for a cluster that was read from its objects; null when it is only declared.</summary>
    public BudgetStatus? Status { get; init; }

    public bool Covers(string @namespace, IReadOnlyDictionary<string, string> labels) => Namespace == @namespace && Selector?.Matches(labels) == true;

    /// <summary>
    /// The expected number of pods of the covered workloads. Null when Kubernetes cannot determine it and so allows no eviction: a DaemonSet
    /// or a Job has no scale, and pods without a controller count as none. Only an absolute <c>minAvailable</c> works without it
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
/// <param name="Disrupted">Names of pods whose eviction was allowed and is in progress.</param>
public sealed record BudgetStatus(int DisruptionsAllowed, ImmutableHashSet<string> Disrupted);
