using HaCluster.Operations.Running;

namespace HaCluster.Operations.Zones;

/// <summary>Returns to an evacuated zone: uncordons the nodes that the evacuation cordoned, once they are ready, and ends the shifts.</summary>
/// <param name="Rebalance">Also restart the stateless workloads that have no pod in the zone although they should spread to it.</param>
public sealed record RestoreZone(string Zone, bool Rebalance = false) : OperationRequest
{
    public override string Command => "Restore-HaZone";

    public override string Target => $"zone {Zone}";
}
