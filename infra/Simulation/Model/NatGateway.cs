using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A NAT gateway, and the zones whose private subnets route through it.</summary>
public sealed record NatGateway(string Name, string Zone, ImmutableArray<string> Serves);
