using HaCluster.Operations.Running;

namespace HaCluster.Operations.Zones;

/// <summary>Ends the shifts away from a zone.</summary>
public sealed record StopZoneShift(string Zone) : OperationRequest
{
    public override string Command => "Stop-HaZoneShift";

    public override string Target => $"zone {Zone}";
}
