using System.Collections.Immutable;

namespace HaCluster.Planning.Proof.Report;

/// <param name="Pods">What ran on it at rest, as <c>namespace/name</c>.</param>
public sealed record FailoverNode(string Name, string Zone, string InstanceType, ImmutableArray<string> Pods);
