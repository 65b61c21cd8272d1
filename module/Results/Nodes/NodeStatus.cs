namespace HaCluster;

/// <summary>A node of the cluster.</summary>
/// <param name="Pool">Name of its node group in AWS; empty when it belongs to none.</param>
/// <param name="InstanceId">Of EC2; empty when the node names none.</param>
/// <param name="Ready">What its Ready condition says: <c>True</c>, <c>False</c>, <c>Unknown</c>.</param>
/// <param name="Cpu">Requested cores of those allocatable.</param>
/// <param name="Memory">Requested bytes of those allocatable.</param>
/// <param name="Note">What is wrong: conditions, taints; empty when nothing is.</param>
public sealed record NodeStatus(
    string Name,
    string Zone,
    string Pool,
    string InstanceType,
    string InstanceId,
    Health Health,
    string Ready,
    bool IsCordoned,
    int Pods,
    int PodCapacity,
    Usage Cpu,
    Usage Memory,
    string Version,
    DateTimeOffset CreatedAt,
    string Note)
{
    public bool IsReady => Ready == "True";
}

/// <summary>A used amount and its bound, in the unit that the property names.</summary>
public sealed record Usage(decimal Used, decimal Total)
{
    /// <summary>0 to 100 and above; 0 when there is no bound.</summary>
    public decimal Percent => Total > 0 ? Math.Round(100 * Used / Total, 1) : 0;
}

/// <summary>A node group of EKS.</summary>
/// <param name="Pool">The pool in the settings (<c>system</c>, <c>general</c>, <c>stateful</c>); empty when unknown.</param>
/// <param name="CapacityType"><c>ON_DEMAND</c> or <c>SPOT</c>.</param>
/// <param name="Status">As EKS says: <c>ACTIVE</c>, <c>UPDATING</c>, <c>DEGRADED</c> ...</param>
/// <param name="ReadyNodes">Nodes of it that are ready in Kubernetes.</param>
/// <param name="Issues">What EKS reports of its health.</param>
public sealed record NodePoolStatus(
    string Name,
    string Pool,
    IReadOnlyList<string> Zones,
    IReadOnlyList<string> InstanceTypes,
    string CapacityType,
    int Min,
    int Desired,
    int Max,
    int Nodes,
    int ReadyNodes,
    string Status,
    Health Health,
    IReadOnlyList<string> Issues);
