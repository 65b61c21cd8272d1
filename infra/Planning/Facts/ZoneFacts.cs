using System.Collections.Immutable;

namespace HaCluster.Planning.Facts;

/// <summary>One availability zone of the network.</summary>
public sealed record ZoneFacts(string Name, ImmutableArray<SubnetFacts> Subnets, int NatGateways);
