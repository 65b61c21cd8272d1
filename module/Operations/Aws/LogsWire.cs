using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>CloudWatch Logs (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html).</summary>
internal sealed class LogsWire(AwsConnection connection) : ILogGroups
{
    private const int AtOnce = 5;

    private JsonProtocol Json => connection.Json(AwsService.Logs);

    public Task<ImmutableArray<string>> ListAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("log groups", async () =>
    {
        var groups = new List<(string Name, string Arn)>();
        await foreach (var page in Json.PagesAsync("DescribeLogGroups", new JsonObject { ["limit"] = 50 }, cancellationToken, "nextToken"))
        {
            // The ARN for tags is the one without the wildcard of its streams.
            groups.AddRange(page.Items("logGroups").Select(group => (group.Str("logGroupName"), group.Str("arn") is { } arn && arn.EndsWith(":*", StringComparison.Ordinal) ? arn[..^2] : group.Str("arn"))));
        }

        var ownership = new ClusterOwnership(cluster, []);
        var owned = groups.Where(group => group.Name.Split('/').Contains(cluster, StringComparer.Ordinal)).Select(group => group.Name).ToHashSet(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            groups.Where(group => !owned.Contains(group.Name)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (group, token) =>
            {
                var answer = await Json.CallAsync("ListTagsForResource", new JsonObject { ["resourceArn"] = group.Arn }, token);
                if (!ownership.Owns(answer.StringMap("tags")))
                    return;
                lock (owned)
                    owned.Add(group.Name);
            });
        return owned.Order(StringComparer.Ordinal).ToImmutableArray();
    });
}
