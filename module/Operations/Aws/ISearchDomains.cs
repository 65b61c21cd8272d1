using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>OpenSearch.</summary>
public interface ISearchDomains
{
    /// <returns>Null when there is none.</returns>
    Task<SearchDomainHealth?> FindHealthAsync(string domain, CancellationToken cancellationToken);

    /// <summary>Domains that carry the tags of the cluster.</summary>
    Task<ImmutableArray<SearchDomainLayout>> ListAsync(string cluster, CancellationToken cancellationToken);
}

/// <param name="Masters">Dedicated ones; 0 when data nodes are eligible too.</param>
/// <param name="Zones">That its nodes are spread over; 1 without zone awareness.</param>
/// <param name="HasStandby">Multi-AZ with standby.</param>
public sealed record SearchDomainLayout(string Name, int DataNodes, int Masters, int Zones, bool HasStandby);

/// <param name="State"><c>Active</c>, <c>Processing</c>, <c>NotAvailable</c>.</param>
/// <param name="Health"><c>Green</c>, <c>Yellow</c>, <c>Red</c>, <c>NotAvailable</c>.</param>
public sealed record SearchDomainHealth(string Domain, string State, string Health, int DataNodes, int ActiveZones, bool HasMaster);
