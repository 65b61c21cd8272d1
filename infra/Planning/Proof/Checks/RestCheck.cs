using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Before anything fails: all that is declared runs.</summary>
internal sealed class RestCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    public ScenarioClass Class => ScenarioClass.AtRest;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var violations = context.Model.Workloads.Zip(context.AtRest, (workload, status) => Missing(scenario, workload, status)).OfType<Violation>().ToList();
        var free = context.Nodes.Aggregate(Resources.None, (sum, node) => sum + node.Free);
        return new Finding([.. violations], 0, $"{Wording.Count(context.Pods, "pod")} on {Wording.Count(context.Nodes.Length, "node")}, {Wording.Amounts(free)} free");
    }

    private static Violation? Missing(Scenario scenario, Workload workload, WorkloadStatus status) =>
        status.Ready >= status.Desired || Invariants.RoomToMove.MayWait(workload)
            ? null
            : new Violation(
                Invariant.StaticStability, scenario, workload.Id,
                $"{status.Ready} of {Wording.Count(status.Desired, "replica")} {Wording.Verb(status.Ready, "runs", "run")}: "
                + string.Join("; ", status.Pending.Select(pending => pending.ToString()).Distinct().Take(2)));
}
