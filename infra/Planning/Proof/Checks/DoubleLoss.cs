using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>
/// The requirement for two failures at once: a workload with three or more replicas keeps one. Workloads with fewer may be down.
/// </summary>
internal static class DoubleLoss
{
    public const int SafeReplicas = 3;

    public static Violation? Of(ProofContext context, Scenario scenario, Workload workload, int lost)
    {
        var left = context.RunningOf(workload) - lost;
        return left <= 0 && workload is { Replicas: >= SafeReplicas, MinServing: > 0 } && workload.Kind != WorkloadKind.Job
            ? new Violation(Invariant.Serving, Cause.AllInTwo, scenario, Subject.Of(workload), $"all of its {Wording.Count(workload.Replicas, "replica")} are lost at once")
            : null;
    }

    public static bool Pauses(ProofContext context, Workload workload, int lost) =>
        workload is { MinServing: > 0 } && workload.Kind != WorkloadKind.Job && context.RunningOf(workload) - lost <= 0;

    public static string Summary(IReadOnlyCollection<string> pausing, int stuck) =>
        (pausing.Count == 0 ? "every workload keeps a replica" : $"{Wording.Some(pausing)} {Wording.Verb(pausing.Count, "is", "are")} down")
        + (stuck == 0 ? "; all pods fit on the remaining nodes" : $"; {Wording.Count(stuck, "pod")} {Wording.Verb(stuck, "waits", "wait")} for a new instance");

    /// <summary>The number of Pending replicas; jobs wait by design.</summary>
    public static int StuckIn(LossOutcome outcome) => outcome.Stuck.Count(stuck => !stuck.Pod.Workload.MayWait);
}
