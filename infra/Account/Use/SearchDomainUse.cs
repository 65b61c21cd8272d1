using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>OpenSearch domains.</summary>
internal sealed class SearchDomainUse(AwsConnection connection, ClusterOwnership ownership) : IUseReader
{
    public string Subject => "OpenSearch domains";

    public ImmutableArray<(string Service, string Code)> Quotas => [("es", "L-076D529E")];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        // The list has no pages: it is as long as the quota at most.
        var answer = await connection.Rest(AwsService.OpenSearch).GetAsync("ListDomainNames", "/2021-01-01/domain", cancellationToken);
        var names = answer.GetProperty("DomainNames").EnumerateArray().Select(domain => domain.GetProperty("DomainName").GetString() ?? "").ToList();
        return [new ResourceUse("es", "L-076D529E", names.Count, names.Count(ownership.Owns))];
    }
}
