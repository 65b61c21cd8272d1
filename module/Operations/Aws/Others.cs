using System.Collections.Immutable;
using HaCluster.Account.Limits;

namespace HaCluster.Operations.Aws;

/// <summary>OpenSearch.</summary>
public interface ISearchDomains
{
    /// <returns>Null when there is none.</returns>
    Task<SearchDomainHealth?> FindHealthAsync(string domain, CancellationToken cancellationToken);
}

/// <param name="State"><c>Active</c>, <c>Processing</c>, <c>NotAvailable</c>.</param>
/// <param name="Health"><c>Green</c>, <c>Yellow</c>, <c>Red</c>, <c>NotAvailable</c>.</param>
public sealed record SearchDomainHealth(string Domain, string State, string Health, int DataNodes, int ActiveZones, bool HasMaster);

/// <summary>Service Quotas.</summary>
public interface IServiceQuotas
{
    Task<ImmutableArray<AccountLimit>> ReadAsync(IReadOnlyCollection<QuotaReference> quotas, CancellationToken cancellationToken);
}

/// <summary>CloudWatch.</summary>
public interface IMetrics
{
    /// <summary>The newest value of a metric within the time before now; null when there is none.</summary>
    Task<MetricValue?> FindLatestAsync(
        string @namespace, string name, IReadOnlyDictionary<string, string> dimensions, string statistic, TimeSpan within, CancellationToken cancellationToken);
}

public sealed record MetricValue(DateTimeOffset At, double Value);
