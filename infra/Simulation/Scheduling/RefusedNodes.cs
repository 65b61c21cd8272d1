namespace HaCluster.Simulation.Scheduling;

/// <summary>Nodes that cannot take a pod for one reason. A node that is short of two resources is counted under both.</summary>
/// <param name="Text">As kube-scheduler words it: <c>Insufficient cpu</c>.</param>
public sealed record RefusedNodes(FilterReason Reason, string Text, int Count);
