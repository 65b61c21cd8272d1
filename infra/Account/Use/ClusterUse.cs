using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>EKS clusters.</summary>
internal sealed class ClusterUse(AwsConnection connection, ClusterOwnership ownership) : IUseReader
{
    public string Subject => "EKS clusters";

    public ImmutableArray<(string Service, string Code)> Quotas => [("eks", "L-1194D53C")];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var page in connection.Rest(AwsService.Eks).PagesAsync("ListClusters", "/clusters", cancellationToken))
            names.AddRange(page.GetProperty("clusters").EnumerateArray().Select(name => name.GetString() ?? ""));
        return [new ResourceUse("eks", "L-1194D53C", names.Count, names.Count(name => name == ownership.Cluster))];
    }
}
