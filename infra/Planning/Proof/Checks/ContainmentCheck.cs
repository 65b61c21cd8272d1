using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>One pod uses memory, or disk, without bound.</summary>
internal sealed class ContainmentCheck(ProofContext context, ScenarioCatalog catalog, ScenarioClass kind) : ICheck
{
    private readonly Containment _containment = new(context);

    public ScenarioClass Class => kind;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var isMemory = kind == ScenarioClass.MemoryLeaked;
        var workload = isMemory ? ((Scenario.MemoryLeaked)scenario).Workload : ((Scenario.DiskFilled)scenario).Workload;
        IEnumerable<Violation> violations = isMemory ? _containment.OfMemory(scenario, workload) : _containment.OfDisk(scenario, workload);
        var limit = isMemory ? workload.Pods.Limits.MemoryBytes : workload.Pods.Limits.EphemeralBytes;
        var end = isMemory ? "killed" : "evicted";
        return new Finding([.. violations], limit, limit > 0 ? $"only this pod is {end}, at {Capacity.Quantity.Bytes(limit)}" : $"{end} by its node");
    }
}
