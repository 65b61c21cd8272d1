using System.Collections.Immutable;

namespace HaCluster.Planning.Proof.Report;

/// <summary>The loss of the zone that is hardest to lose, pod by pod: what the picture shows.</summary>
public sealed record Failover(string LostZone, ImmutableArray<FailoverNode> Nodes, ImmutableArray<FailoverMove> Moves, ImmutableArray<string> Waiting);
