using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>A zone is gone, and a machine of another one fails before it is back.</summary>
internal sealed class ZoneAndNodeCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    public ClassResult Run() => ClassResult.OfEach(ScenarioClass.ZoneAndNodeLost, catalog.Of(ScenarioClass.ZoneAndNodeLost), Try);

    private Finding Try(Scenario scenario)
    {
        var outcome = context.Losses.Of(scenario.Loss);
        var violations = outcome.Displaced.Select(lost => DoubleLoss.Of(context, scenario, lost.Key, lost.Value)).OfType<Report.Violation>();
        var pausing = outcome.Displaced.Where(lost => DoubleLoss.Pauses(context, lost.Key, lost.Value)).Select(lost => lost.Key.Id).Order(StringComparer.Ordinal).ToList();
        var stuck = DoubleLoss.StuckIn(outcome);
        return new Finding([.. violations], (100 * pausing.Count) + stuck, DoubleLoss.Story(pausing, stuck));
    }
}
