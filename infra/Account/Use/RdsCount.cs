using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>Things that RDS lists, counted: instances, clusters, proxies.</summary>
/// <param name="name">The element with the name by which a plan declares it.</param>
internal sealed class RdsCount(
    AwsConnection connection, ClusterOwnership ownership, string subject, string code, string operation, string list, string name) : IUseReader
{
    public string Subject => subject;

    public ImmutableArray<(string Service, string Code)> Quotas => [("rds", code)];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var (total, ours) = (0, 0);
        await foreach (var page in connection.Query(AwsService.Rds).PagesAsync(operation, [("MaxRecords", "100")], "Marker", "Marker", cancellationToken))
        {
            foreach (var item in page.List(list))
            {
                total++;
                if (ownership.Owns(item.Tags("TagList")) || ownership.Owns(item.Text(name) ?? ""))
                    ours++;
            }
        }

        return [new ResourceUse("rds", code, total, ours)];
    }
}
