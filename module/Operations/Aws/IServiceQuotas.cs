using System.Collections.Immutable;
using HaCluster.Account.Limits;

namespace HaCluster.Operations.Aws;

/// <summary>Service Quotas.</summary>
public interface IServiceQuotas
{
    Task<ImmutableArray<AccountLimit>> ReadAsync(IReadOnlyCollection<QuotaReference> quotas, CancellationToken cancellationToken);
}
