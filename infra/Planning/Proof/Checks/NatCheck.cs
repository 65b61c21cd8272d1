using HaCluster.Planning.Proof.Invariants;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>A NAT gateway fails while its zone is up.</summary>
internal sealed class NatCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly NetworkPaths _ways = new(context);

    public ScenarioClass Class => ScenarioClass.NatLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var gateway = ((Scenario.NatLost)scenario).Gateway;
        var summary = gateway.Serves.Length == 1
            ? $"only {Wording.Zones(gateway.Serves)} loses internet access; a zonal shift moves its traffic"
            : $"{Wording.Zones(gateway.Serves)} lose internet access";
        return new Finding([.. _ways.OutboundPaths(scenario, [gateway])], gateway.Serves.Length, summary);
    }
}
