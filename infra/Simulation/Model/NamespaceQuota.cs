using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A ResourceQuota without scopes: hard limits in base units (cores, bytes, pieces) by the names Kubernetes gives them.</summary>
/// <param name="Setting">Beginning of the settings that change it, such as <c>quotas.chains</c>; null when there are none.</param>
public sealed record NamespaceQuota(string Namespace, string Name, ImmutableSortedDictionary<string, decimal> Hard, string? Setting = null);
