using HaCluster.Planning.Proof.Invariants;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>An OpenSearch master is lost; OpenSearch Service starts another.</summary>
internal sealed class MasterCheck(ScenarioCatalog catalog) : ICheck
{
    public ScenarioClass Class => ScenarioClass.MasterLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var domain = ((Scenario.MasterLost)scenario).Domain;
        var voters = QuorumKept.VotersOf(domain);
        return new Finding(QuorumKept.OfVoters(scenario, domain, 1) is { } violation ? [violation] : [], 1, $"{voters - 1} of {voters} voting nodes remain");
    }
}
