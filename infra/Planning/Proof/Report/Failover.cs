using System.Collections.Immutable;

namespace HaCluster.Planning.Proof.Report;

/// <summary>The worst zone loss, pod by pod, for the picture.</summary>
public sealed record Failover(string LostZone, ImmutableArray<FailoverNode> Nodes, ImmutableArray<FailoverMove> Moves, ImmutableArray<string> Waiting);

/// <param name="Pod">As <c>namespace/name</c>.</param>
public sealed record FailoverMove(string Pod, string ToNode);

/// <param name="Pods">Its pods in the steady state, as <c>namespace/name</c>.</param>
public sealed record FailoverNode(string Name, string Zone, string InstanceType, ImmutableArray<string> Pods);
