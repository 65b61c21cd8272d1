using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>Enough replicas must remain right after a loss.</summary>
internal sealed class ServingAfterLoss(ProofContext context)
{
    public IEnumerable<Violation> Of(Scenario scenario, LossOutcome outcome)
    {
        foreach (var (workload, lost) in outcome.Displaced)
        {
            var left = context.RunningOf(workload) - lost;
            if (workload.Kind != WorkloadKind.Job && left < workload.MinServing)
                yield return new Violation(Invariant.Serving, CauseOf(scenario, workload), scenario, Subject.Of(workload), Text(workload, left));
        }
    }

    /// <summary>Either there are too few replicas however they are spread, or too many are in one place.</summary>
    private Cause CauseOf(Scenario scenario, Workload workload)
    {
        var topology = scenario is Scenario.ZoneLost ? Labels.Zone : Labels.Host;
        return workload.Replicas - context.Starts.AtBest(workload, topology) < workload.MinServing ? Cause.TooFewReplicas
            : context.Starts.SeparationOf(workload, topology).IsPreferred ? Cause.PreferredOnly
            : Cause.NotKeptApart;
    }

    private static string Text(Workload workload, int left) =>
        $"{left} of {Wording.Count(workload.Replicas, "replica")} {Wording.Verb(left, "serves", "serve")} right after the loss; objective {workload.MinServing} ({workload.ServingReason})";
}
