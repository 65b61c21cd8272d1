using HaCluster.Planning.Proof.Invariants;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>A NAT gateway is gone, its zone standing.</summary>
internal sealed class NatCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly WaysLeft _ways = new(context);

    public ScenarioClass Class => ScenarioClass.NatLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var gateway = ((Scenario.NatLost)scenario).Gateway;
        var story = gateway.Serves.Length == 1
            ? $"{Wording.Zones(gateway.Serves)} alone loses its way to the internet; a zonal shift moves its traffic"
            : $"{Wording.Zones(gateway.Serves)} lose their way to the internet";
        return new Finding([.. _ways.WaysOut(scenario, [gateway])], gateway.Serves.Length, story);
    }
}
