using System.Collections.Concurrent;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>
/// Replicas that must survive the loss of a zone or node need a strong enough spread rule: what counts is how many of them one zone (node) may hold
/// under all required rules. A preferred rule guarantees nothing; it is judged by the placements of several simulated starts.
/// </summary>
internal sealed class ReplicaSeparation(ProofContext context, string topology)
{
    private readonly ConcurrentDictionary<Workload, (Cause Cause, string Text)?> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Checks the workloads that lose replicas in the scenario.</summary>
    public IEnumerable<Violation> Of(Scenario scenario, LossOutcome outcome)
    {
        foreach (var workload in outcome.Displaced.Keys.Where(MustSurvive))
        {
            if (_known.GetOrAdd(workload, Judge) is { } broken)
                yield return new Violation(Invariant.Serving, broken.Cause, scenario, Subject.Of(workload), broken.Text);
        }
    }

    /// <summary>Workloads that survive a zone loss only because a preferred rule held in every simulated start.</summary>
    public static IEnumerable<string> OnlyPreferred(ProofContext context) => context.Model.Workloads
        .Where(workload => MustSurvive(workload) && context.Starts.SeparationOf(workload, Labels.Zone) is { IsPreferred: true } separation
            && workload.Replicas - separation.AtWorst < workload.MinServing
            && context.Starts.FullestOf(workload, Labels.Zone).All(held => workload.Replicas - held >= workload.MinServing))
        .Select(workload => workload.ToString());

    public static bool MustSurvive(Workload workload) =>
        workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1, MinServing: > 0 };

    /// <summary>Null when the spread is sufficient, or when even the best placement would not be: then replicas are missing, not a rule.</summary>
    private (Cause, string)? Judge(Workload workload)
    {
        var separation = context.Starts.SeparationOf(workload, topology);
        var spare = workload.Replicas - workload.MinServing;
        if (separation.AtWorst <= spare || context.Starts.AtBest(workload, topology) > spare)
            return null;
        var place = topology == Labels.Host ? "node" : "zone";
        if (separation.IsPreferred)
        {
            var fullest = context.Starts.FullestOf(workload, topology);
            var broken = fullest.Where(held => held > spare).ToList();
            return broken.Count == 0 ? null : (Cause.PreferredOnly,
                $"only a preferred rule keeps its {workload.Replicas} replicas apart: in {broken.Count} of {fullest.Length} simulated starts one {place} held {broken.Max()} of them; "
                + $"objective {workload.MinServing} ({workload.ServingReason})");
        }

        return (Cause.NotKeptApart, separation.AtWorst == workload.Replicas
            ? $"no rule keeps its {workload.Replicas} replicas apart: the loss of one {place} can take all of them"
            : $"its rules let one {place} hold {separation.AtWorst} of its {workload.Replicas} replicas; {workload.Replicas - separation.AtWorst} would remain, objective "
                + $"{workload.MinServing} ({workload.ServingReason})");
    }
}
