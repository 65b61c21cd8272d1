using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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
