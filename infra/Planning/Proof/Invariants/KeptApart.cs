using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>
/// Replicas that must outlive a zone or a machine stand apart because a rule says so, not by luck: where no rule does, the worst placement
/// that the rules allow is the one that counts. A preferred rule is taken to hold at rest.
/// </summary>
internal static class KeptApart
{
    /// <summary>For the workloads that the scenario takes replicas from.</summary>
    public static IEnumerable<Violation> Of(Scenario scenario, LossOutcome outcome, string topology)
    {
        var machine = topology == Labels.Host;
        foreach (var workload in outcome.Displaced.Keys.Where(MustSurvive))
        {
            if (IsGuarded(workload, Labels.Zone) || (machine && IsGuarded(workload, Labels.Host)))
                continue;
            var place = machine ? "node" : "zone";
            yield return new Violation(
                Invariant.Serving, scenario, workload.Id, $"no rule keeps its {workload.Replicas} replicas apart: all of them may stand in the {place} that is lost");
        }
    }

    private static bool MustSurvive(Workload workload) =>
        workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1, MinServing: > 0 };

    public static bool IsGuarded(Workload workload, string topology)
    {
        var pods = workload.Pods;
        return pods.Spread.Any(spread => spread.TopologyKey == topology && spread.Selector?.Matches(pods.Labels) == true)
            || pods.Affinity.Apart.Any(IsOwn)
            || pods.Affinity.PreferredApart.Any(preferred => IsOwn(preferred.Term));

        bool IsOwn(PodAffinityTerm term) => term.TopologyKey == topology && term.Selects(workload.Namespace, workload.Namespace, pods.Labels);
    }
}
