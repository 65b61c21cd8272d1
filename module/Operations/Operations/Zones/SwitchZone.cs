using HaCluster.Operations.Running;

namespace HaCluster.Operations.Zones;

/// <summary>
/// Evacuates a zone: shifts traffic away, cordons its nodes, moves database writers, drains the pods in a safe order, rebuilds zonal replicas elsewhere
/// where that is asked for, and verifies.
/// </summary>
/// <param name="Duration">When the zonal shift ends by itself: 1 minute to 3 days.</param>
/// <param name="RebuildReplicas">
/// Also delete the claims of replicas that have their volume in the zone and that can be rebuilt from a snapshot or from their peers, so that they start
/// in another zone. What is on these volumes is lost.
/// </param>
public sealed record SwitchZone(string Zone, TimeSpan Duration, bool RebuildReplicas = false) : OperationRequest
{
    public override string Command => "Switch-HaZone";

    public override string Target => $"zone {Zone}";
}
