using System.Collections.Immutable;
using HaCluster.Account.Limits;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

internal sealed class ServiceQuotasWire(AwsConnection connection) : IServiceQuotas
{
    public Task<ImmutableArray<AccountLimit>> ReadAsync(IReadOnlyCollection<QuotaReference> quotas, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync("service quotas", () => new LimitReader(connection).ReadAsync(quotas, null, cancellationToken));
}
