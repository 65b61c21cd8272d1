namespace HaCluster.Simulation.Scheduling;

/// <summary>Nodes that cannot take a pod for one reason. A node that lacks two resources is counted under both.</summary>
/// <param name="Text">As kube-scheduler words it: <c>Insufficient cpu</c>.</param>
/// <param name="Detail">A detail that kube-scheduler omits: the taint that is not tolerated, as <c>{ha-cluster/pool: stateful}</c>. Null
/// for other reasons.</param>
public sealed record RefusedNodes(FilterReason Reason, string Text, int Count, string? Detail = null);
