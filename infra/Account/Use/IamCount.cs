using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>Things that IAM lists by name, counted: roles, the account's own policies.</summary>
internal sealed class IamCount(
    AwsConnection connection, ClusterOwnership ownership, string subject, string code, string operation, string list, string name) : IUseReader
{
    public string Subject => subject;

    public ImmutableArray<(string Service, string Code)> Quotas => [("iam", code)];

    public ImmutableArray<(string Name, string Value)> Parameters { get; init; } = [];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var (total, ours) = (0, 0);
        var pages = connection.Query(AwsService.Iam)
            .PagesAsync(operation, [("MaxItems", "1000"), .. Parameters], "Marker", "Marker", cancellationToken);
        await foreach (var page in pages)
        {
            foreach (var item in page.List(list))
            {
                total++;
                if (ownership.Owns(item.Text(name) ?? ""))
                    ours++;
            }
        }

        return [new ResourceUse("iam", code, total, ours)];
    }
}
