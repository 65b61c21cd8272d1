using HaCluster.Operations.Running;

namespace HaCluster.Operations.Zones;

/// <summary>Moves the traffic of the cluster and its load balancers away from a zone (ARC zonal shift). No pod is moved.</summary>
/// <param name="Zone">The zone to move away from, by name (<c>eu-central-1a</c>) or id (<c>euc1-az2</c>).</param>
/// <param name="Duration">When it ends by itself: 1 minute to 3 days.</param>
public sealed record StartZoneShift(string Zone, TimeSpan Duration, string Comment = "") : OperationRequest
{
    public override string Command => "Start-HaZoneShift";

    public override string Target => $"zone {Zone}";
}
