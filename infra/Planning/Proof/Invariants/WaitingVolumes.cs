using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>While pods wait for a volume or for the zone of their required spread, enough other replicas must serve.</summary>
internal sealed class WaitingVolumes(ProofContext context)
{
    public IEnumerable<Violation> Of(Scenario scenario, LossOutcome outcome)
    {
        foreach (var waiting in Waiting(outcome).GroupBy(stuck => stuck.Pod.Workload))
        {
            var workload = waiting.Key;
            var left = Left(workload, outcome);
            if (left < workload.MinServing && !workload.MayWait)
            {
                var cause = workload.Replicas - 1 < workload.MinServing ? Cause.TooFewReplicas : Cause.Waiting;
                yield return new Violation(Invariant.Volumes, cause, scenario, Subject.Of(workload), Describe(waiting.First(), outcome));
            }
        }
    }

    /// <summary>Descriptions of the waiting pods, also where the objective is met.</summary>
    public IEnumerable<string> Summaries(LossOutcome outcome) => Waiting(outcome)
        .Where(stuck => !stuck.Pod.Workload.MayWait)
        .OrderBy(stuck => stuck.Pod.ToString(), StringComparer.Ordinal)
        .Select(stuck => Describe(stuck, outcome));

    private static IEnumerable<StuckPod> Waiting(LossOutcome outcome) => outcome.Stuck.Where(stuck => stuck.Cause is not (StuckCause.Room or StuckCause.Spread));

    private int Left(Workload workload, LossOutcome outcome) => context.RunningOf(workload) - outcome.StuckOf(workload);

    private string Describe(StuckPod stuck, LossOutcome outcome)
    {
        var workload = stuck.Pod.Workload;
        var left = Left(workload, outcome);
        var why = stuck.Cause switch
        {
            StuckCause.DeadVolume => $"its volume is in {Wording.Zone(context.SteadyState.State.VolumeZoneOf(stuck.Pod) ?? "")}",
            StuckCause.VolumeWithoutNode => $"its volume is in {Wording.Zone(context.SteadyState.State.VolumeZoneOf(stuck.Pod) ?? "")}, where no node has room for it",
            _ => "its rules allow none of the remaining nodes",
        };
        return $"{stuck.Pod} stays Pending: {why}; {left} of {Wording.Count(workload.Replicas, "replica")} {Wording.Verb(left, "serves", "serve")}; "
            + $"objective {workload.MinServing}: {(left < workload.MinServing ? "missed" : "met")}";
    }
}
