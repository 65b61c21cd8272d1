using System.Collections.Immutable;

namespace HaCluster.Planning.Proof.Report;

/// <summary>The loss of the zone that is hardest to lose, pod by pod: what the picture shows.</summary>
public sealed record Failover(string LostZone, ImmutableArray<FailoverNode> Nodes, ImmutableArray<FailoverMove> Moves, ImmutableArray<string> Waiting);

/// <param name="Pod">As <c>namespace/name</c>.</param>
public sealed record FailoverMove(string Pod, string ToNode);

/// <param name="Pods">What ran on it at rest, as <c>namespace/name</c>.</param>
public sealed record FailoverNode(string Name, string Zone, string InstanceType, ImmutableArray<string> Pods);
