using HaCluster.Planning.Proof.Disruptions;
using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Each workload is updated, within the quota of its namespace.</summary>
internal sealed class WorkloadUpdateCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly QuotaForUpdate _room = new(context);
    private readonly DisruptionRunner _disruptions = new(context);

    public ScenarioClass Class => ScenarioClass.WorkloadUpdated;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var updated = (Scenario.WorkloadUpdated)scenario;
        // A workload without pods in the steady state has nothing to replace.
        List<Violation> violations = context.RunsNothingOf(updated.Workload)
            ? []
            : [.. _room.Of(scenario, updated.Workload), .. VolumesInUpdates.Of(context.Model, scenario, updated.Workload)];
        var outcome = _disruptions.Run(Disruption.WorkloadUpdated.Of(updated.Workload), canLaunch: true);
        violations.AddRange(outcome.Short(scenario).Where(violation => violation.Subject == Subject.Of(updated.Workload)));
        var end = outcome.Events.OfType<RunEvent.WorkloadUpdateEnded>().FirstOrDefault();
        if (end is null && violations.Count == 0)
            violations.Add(new Violation(Invariant.QuotaRoom, Cause.DoesNotEnd, scenario, Subject.Of(updated.Workload), $"the update does not complete: {Why(outcome)}"));
        return new Finding([.. violations], end?.At.TotalSeconds ?? double.MaxValue, end is null ? "does not complete" : $"done after {Wording.Time(end.At)}");
    }

    private static string Why(DisruptionOutcome outcome) =>
        outcome.Events.LastOrDefault(happened => happened is RunEvent.QuotaRefused or RunEvent.PodWaits)?.ToString() ?? "no reason was seen";
}
