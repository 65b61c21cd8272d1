using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Account.Limits;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>OpenSearch Service (https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomainHealth.html).</summary>
internal sealed class OpenSearchWire(AwsConnection connection) : ISearchDomains
{
    private const int DomainsPerCall = 5;

    public Task<SearchDomainHealth?> FindHealthAsync(string domain, CancellationToken cancellationToken) => AwsErrors.FindAsync($"OpenSearch domain {domain}", async () =>
    {
        var path = $"/2021-01-01/opensearch/domain/{Uri.EscapeDataString(domain)}/health";
        var json = await connection.Rest(AwsService.OpenSearch).GetAsync("DescribeDomainHealth", path, cancellationToken);
        // Numbers come as text here.
        return (SearchDomainHealth?)new SearchDomainHealth(
            domain, json.Str("DomainState"), json.Str("ClusterHealth"), Number(json.Str("DataNodeCount")), Number(json.Str("ActiveAvailabilityZoneCount")),
            json.Str("MasterNode") == "Available");
    });

    // https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html
    public Task<ImmutableArray<SearchDomainLayout>> ListAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("OpenSearch domains", async () =>
    {
        var (rest, ownership) = (connection.Rest(AwsService.OpenSearch), new ClusterOwnership(cluster, []));
        // The list has no pages: it is as long as the quota at most.
        var names = (await rest.GetAsync("ListDomainNames", "/2021-01-01/domain", cancellationToken)).Items("DomainNames").Select(domain => domain.Str("DomainName"));
        var found = ImmutableArray.CreateBuilder<SearchDomainLayout>();
        foreach (var chunk in names.Chunk(DomainsPerCall))
        {
            var body = new JsonObject { ["DomainNames"] = new JsonArray([.. chunk.Select(name => (JsonNode)name)]) };
            foreach (var domain in (await rest.SendAsync("DescribeDomains", "POST", "/2021-01-01/opensearch/domain-info", body, cancellationToken)).Items("DomainStatusList"))
            {
                var tags = await rest.GetAsync("ListTags", "/2021-01-01/tags/", cancellationToken, ("arn", domain.Str("ARN")));
                if (ownership.Owns(tags.Items("TagList").ToDictionary(tag => tag.Str("Key"), tag => tag.Str("Value"), StringComparer.Ordinal)))
                    found.Add(Layout(domain));
            }
        }

        return found.ToImmutable();
    });

    private static SearchDomainLayout Layout(JsonElement domain)
    {
        var config = domain.Object("ClusterConfig");
        return new SearchDomainLayout(
            domain.Str("DomainName"), config.Int("InstanceCount"), config.Bool("DedicatedMasterEnabled") ? config.Int("DedicatedMasterCount") : 0,
            config.Bool("ZoneAwarenessEnabled") ? Math.Max(2, config.Object("ZoneAwarenessConfig").Int("AvailabilityZoneCount")) : 1, config.Bool("MultiAZWithStandbyEnabled"));
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

internal sealed class ServiceQuotasWire(AwsConnection connection) : IServiceQuotas
{
    public Task<ImmutableArray<AccountLimit>> ReadAsync(IReadOnlyCollection<QuotaReference> quotas, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync("service quotas", () => new LimitReader(connection).ReadAsync(quotas, null, cancellationToken));
}

/// <summary>CloudWatch (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html).</summary>
internal sealed class CloudWatchWire(AwsConnection connection) : IMetrics
{
    public Task<MetricValue?> FindLatestAsync(
        string @namespace, string name, IReadOnlyDictionary<string, string> dimensions, string statistic, TimeSpan within, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync($"metric {@namespace} {name}", async () =>
        {
            var now = DateTimeOffset.UtcNow;
            (string, string)[] parameters =
            [
                ("Namespace", @namespace), ("MetricName", name), ("Period", "60"), ("Statistics.member.1", statistic),
                ("StartTime", (now - within).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
                // Times have whole seconds: what was measured in this one counts too.
                ("EndTime", now.AddSeconds(60).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
                .. dimensions.SelectMany((one, at) => new[] { ($"Dimensions.member.{at + 1}.Name", one.Key), ($"Dimensions.member.{at + 1}.Value", one.Value) }),
            ];
            var answer = await connection.Query(AwsService.CloudWatch).CallAsync("GetMetricStatistics", parameters, cancellationToken);
            return answer.List("Datapoints")
                .Select(point => new MetricValue(
                    DateTimeOffset.Parse(point.Text("Timestamp") ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                    double.Parse(point.Text(statistic) ?? "", CultureInfo.InvariantCulture)))
                .OrderBy(value => value.At).LastOrDefault();
        });
}
