using System.Collections.Immutable;
using System.Xml.Linq;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>Things that EC2 lists with their tags, counted: one each.</summary>
/// <param name="operation">Such as <c>DescribeVpcs</c>.</param>
/// <param name="set">The element of the answer that holds them.</param>
internal sealed class Ec2Count(
    AwsConnection connection, ClusterOwnership ownership, string subject, string service, string code, string operation, string set) : IUseReader
{
    public string Subject => subject;

    public ImmutableArray<(string Service, string Code)> Quotas => [(service, code)];

    /// <summary>Resources that can be in a VPC: those in a VPC of the cluster belong to the cluster, tagged or not.</summary>
    public bool BelongsToVpc { get; init; }

    public ImmutableArray<(string Name, string Value)> Filters { get; init; } = [];

    /// <summary>EC2 gives at most so many of them in a page; null for operations that have no pages.</summary>
    public int? PageSize { get; init; } = 1000;

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var vpcs = BelongsToVpc ? await OwnedVpcsAsync(cancellationToken) : [];
        var (total, ours) = (0, 0);
        await foreach (var item in ItemsAsync(connection, operation, set, Filters, PageSize, cancellationToken))
        {
            total++;
            if (ownership.Owns(item.Tags("tagSet")) || (item.Text("vpcId") is { } vpc && vpcs.Contains(vpc)))
                ours++;
        }

        return [new ResourceUse(service, code, total, ours)];
    }

    internal static async IAsyncEnumerable<XElement> ItemsAsync(
        AwsConnection connection,
        string operation,
        string set,
        IReadOnlyList<(string Name, string Value)> filters,
        int? pageSize,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<(string, string)> parameters = pageSize is { } size ? [("MaxResults", $"{size}")] : [];
        for (var i = 0; i < filters.Count; i++)
            parameters.AddRange([($"Filter.{i + 1}.Name", filters[i].Name), ($"Filter.{i + 1}.Value.1", filters[i].Value)]);
        await foreach (var page in connection.Query(AwsService.Ec2).PagesAsync(operation, parameters, "nextToken", "NextToken", cancellationToken))
        {
            foreach (var item in page.List(set))
                yield return item;
        }
    }

    private async Task<HashSet<string>> OwnedVpcsAsync(CancellationToken cancellationToken)
    {
        var owned = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var vpc in ItemsAsync(connection, "DescribeVpcs", "vpcSet", [], 1000, cancellationToken))
        {
            if (ownership.Owns(vpc.Tags("tagSet")) && vpc.Text("vpcId") is { } id)
                owned.Add(id);
        }

        return owned;
    }
}
