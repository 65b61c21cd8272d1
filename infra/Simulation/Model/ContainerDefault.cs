using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>Requests and limits of a container that states none, in base units, by the names Kubernetes gives them.</summary>
public sealed record ContainerDefault(
    string Namespace, ImmutableSortedDictionary<string, decimal> Requests, ImmutableSortedDictionary<string, decimal> Limits);
