using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>Tries all scenarios of one class.</summary>
internal interface ICheck
{
    ScenarioClass Class { get; }

    ClassResult Run();
}
