using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Before any failure: every declared replica runs.</summary>
internal sealed class SteadyStateCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    public ScenarioClass Class => ScenarioClass.SteadyState;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var missing = context.Model.Workloads.Zip(context.SteadyStatuses).Where(pair => IsMissing(pair.First, pair.Second)).ToLookup(pair => context.Model.ClosedBy(pair.First));
        var violations = missing[null].Select(pair => Missing(scenario, pair.First, pair.Second))
            .Concat(missing.Where(closed => closed.Key is not null).Select(closed => new Violation(
                Invariant.StaticStability, Cause.NotRunning, scenario, ClosedNamespaces.SubjectOf(closed.Key!),
                ClosedNamespaces.TextOf(closed.Key!, [.. closed.Select(pair => pair.First.ToString()).Order(StringComparer.Ordinal)]))
            { Advice = ClosedNamespaces.Advice }));
        var free = context.Nodes.Aggregate(Resources.None, (sum, node) => sum + node.Free);
        return new Finding([.. violations], 0, $"{Wording.Count(context.Pods, "pod")} on {Wording.Count(context.Nodes.Length, "node")}, {Wording.Amounts(free)} free");
    }

    public static bool IsMissing(Workload workload, WorkloadStatus status) =>
        workload.NotScheduled is null && (workload.Refused is not null || (status.Ready < status.Desired && !workload.MayWait));

    private static Violation Missing(Scenario scenario, Workload workload, WorkloadStatus status) => new(
        Invariant.StaticStability, Cause.NotRunning, scenario, Subject.Of(workload),
        $"{Running(workload, status)} of {Wording.Count(status.Desired, "replica")} {Wording.Verb(Running(workload, status), "runs", "run")}: {Why(workload, status)}");

    private static int Running(Workload workload, WorkloadStatus status) => workload.Refused is null ? status.Ready : 0;

    /// <summary>Replicas mostly wait for the same reason, so each reason is shown once, with its first pod.</summary>
    private static string Why(Workload workload, WorkloadStatus status) => workload.Refused is { } refused
        ? $"the API server refuses its pods: {refused}"
        : string.Join("; ", status.Pending.DistinctBy(pending => pending.Reason).Take(2));
}
