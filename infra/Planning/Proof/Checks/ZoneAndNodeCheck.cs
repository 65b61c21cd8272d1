using HaCluster.Planning.Proof.Losses;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>A zone is lost, and a node of another zone fails before it has recovered.</summary>
internal sealed class ZoneAndNodeCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private (string Zone, LossOutcome Outcome)? _zone;

    public ScenarioClass Class => ScenarioClass.ZoneAndNodeLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var lost = (Scenario.ZoneAndNodeLost)scenario;
        // The catalog lists the scenarios zone by zone.
        if (_zone?.Zone != lost.Zone)
            _zone = (lost.Zone, context.Losses.Of(new Loss([lost.Zone], lost.ZoneNodes)));
        var outcome = context.Losses.Then(_zone.Value.Outcome, lost.Node);
        var violations = outcome.Displaced.Select(lost => DoubleLoss.Of(context, scenario, lost.Key, lost.Value)).OfType<Report.Violation>();
        var pausing = outcome.Displaced.Where(lost => DoubleLoss.Pauses(context, lost.Key, lost.Value)).Select(lost => lost.Key.ToString()).Order(StringComparer.Ordinal).ToList();
        var stuck = DoubleLoss.StuckIn(outcome);
        return new Finding([.. violations], (100 * pausing.Count) + stuck, DoubleLoss.Summary(pausing, stuck));
    }
}
