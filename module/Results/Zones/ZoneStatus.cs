namespace HaCluster;

/// <summary>An AWS availability zone of the cluster.</summary>
/// <param name="Name">Such as <c>eu-central-1a</c>.</param>
/// <param name="Id">The zone id, the same in all accounts, such as <c>euc1-az2</c>; null when unknown.</param>
/// <param name="ReadyPods">Pods on its nodes that are ready.</param>
/// <param name="Shift">The active zonal shift away from it; null when there is none or it is unknown.</param>
/// <param name="Writers">Databases whose writer is in the zone; null when unknown.</param>
/// <param name="Note">What is wrong, or empty.</param>
public sealed record ZoneStatus(
    string Name,
    string? Id,
    Health Health,
    int Nodes,
    int ReadyNodes,
    int CordonedNodes,
    int Pods,
    int ReadyPods,
    ZoneShift? Shift,
    IReadOnlyList<string>? Writers,
    string Note);

/// <summary>A zonal shift: traffic of one resource is kept away from one zone.</summary>
/// <param name="Resource">ARN of the cluster or load balancer.</param>
/// <param name="ResourceName">Its name.</param>
/// <param name="Zone">Name of the zone; its id when the name is unknown.</param>
/// <param name="Id">Null for a shift that AWS started by itself (autoshift).</param>
/// <param name="Status"><c>ACTIVE</c>, <c>EXPIRED</c> or <c>CANCELED</c>.</param>
public sealed record ZoneShift(
    string Resource, string ResourceName, string Zone, string ZoneId, string? Id, string Status, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, string Comment)
{
    public bool IsActive => Status == "ACTIVE";
}
