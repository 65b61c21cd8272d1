using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A load balancer through which requests come in.</summary>
/// <param name="Zones">Zones it has addresses in.</param>
/// <param name="Target">Id of the workload it sends to (<c>namespace/name</c>); null when unknown.</param>
/// <param name="CrossesZones">Each address sends to targets of every zone; otherwise only to those of its own.</param>
public sealed record EntryPoint(string Name, ImmutableArray<string> Zones, string? Target, bool CrossesZones);
