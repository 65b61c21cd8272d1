using HaCluster.Planning.Proof.Disruptions;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>All nodes of a group are lost at once, and Auto Scaling launches new ones.</summary>
internal sealed class GroupLossCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly DisruptionRunner _disruptions = new(context);

    public ScenarioClass Class => ScenarioClass.GroupLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var outcome = _disruptions.Run(new Disruption.GroupLost(scenario.Subject), canLaunch: true);
        var unhealed = outcome.Replicated.Where(entry => entry.Value.RestoredAt is null).ToList();
        var pausing = outcome.Replicated.Where(entry => entry.Key.MinServing > 0 && entry.Value.LeastReady == 0).Select(entry => entry.Key.ToString()).ToList();
        var violations = unhealed.Select(entry => new Violation(
                Invariant.RecoveryTime, Cause.NeverBack, scenario, Subject.Of(entry.Key),
                $"does not recover: {string.Join("; ", entry.Value.Pending.Take(2))}"))
            .Concat(outcome.Late(scenario, context.Model.Objectives));
        var summary = (pausing.Count == 0 ? "every workload keeps a replica" : $"{Wording.Some(pausing)} {Wording.Verb(pausing.Count, "is", "are")} down")
            + (outcome.Slowest is { } slowest ? $"; all recovered after {Wording.Time(slowest.Total)}" : "");
        return new Finding([.. violations], outcome.Slowest?.Total.TotalSeconds ?? 0, summary, outcome.Slowest?.Total);
    }
}
