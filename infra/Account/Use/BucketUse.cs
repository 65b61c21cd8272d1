using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>S3 buckets, of all regions: the quota is the account's.</summary>
internal sealed class BucketUse(AwsConnection connection, ClusterOwnership ownership) : IUseReader
{
    public string Subject => "buckets";

    public ImmutableArray<(string Service, string Code)> Quotas => [("s3", "L-DC2B2D3D")];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var (total, ours) = (0, 0);
        string? next = null;
        do
        {
            var page = await connection.Rest(AwsService.S3).GetXmlAsync(
                "ListBuckets", "/", cancellationToken, next is null ? [("max-buckets", "1000")] : [("max-buckets", "1000"), ("continuation-token", next)]);
            foreach (var bucket in page.List("Buckets"))
            {
                total++;
                if (ownership.Owns(bucket.Text("Name") ?? ""))
                    ours++;
            }

            next = page.Text("ContinuationToken");
        }
        while (next is { Length: > 0 });
        return [new ResourceUse("s3", "L-DC2B2D3D", total, ours)];
    }
}
