using System.Text.Json;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>
/// How records are indexed. The data of a record are kept as they are and their fields are not mapped: neither can producers make more fields than an index bears, nor is a
/// record refused because of the types of another one. What is searched is <c>words</c>, which the ledger makes. An operator who wants fields of the data in dashboards gives the
/// template another mapping and a higher version: then it stays as it is.
/// </summary>
internal static class OpenSearchTemplate
{
    public const int Version = 1;

    internal const string Records = """
        {"index_patterns":["ledger.*.*"],"priority":100,"version":1,"template":{"settings":{"index":{"number_of_shards":1}},"mappings":{"dynamic":false,"_source":{"excludes":["words"]},"properties":{
        "@timestamp":{"type":"date"},"at":{"type":"date"},"event":{"type":"long"},"sequence":{"type":"long"},"stream":{"type":"keyword"},"id":{"type":"keyword"},"producer":{"type":"keyword"},
        "producerSequence":{"type":"long"},"generation":{"type":"long"},"size":{"type":"integer"},"time":{"type":"keyword","index":false,"doc_values":false},
        "hash":{"type":"keyword","index":false,"doc_values":false},"words":{"type":"text","analyzer":"whitespace","norms":false,"index_options":"docs"},"data":{"type":"object","enabled":false}}}}}
        """;

    private const string Positions = """{"settings":{"index":{"number_of_shards":1}},"mappings":{"dynamic":false,"properties":{"position":{"type":"long"}}}}""";

    private const string DeadLetters = """
        {"settings":{"index":{"number_of_shards":1}},"mappings":{"dynamic":false,"properties":{"stream":{"type":"keyword"},"sequence":{"type":"long"},"id":{"type":"keyword"}}}}
        """;

    /// <exception cref="IndexUnavailableException">OpenSearch does not answer, or refuses.</exception>
    public static async Task EnsureAsync(OpenSearchClient client, CancellationToken cancellationToken)
    {
        var present = await client.SendAsync(HttpMethod.Get, $"/_index_template/{OpenSearchNames.Template}", default, cancellationToken);
        if (!present.IsSuccess && present.Status != System.Net.HttpStatusCode.NotFound)
            throw client.Unavailable(present);
        if (!present.IsSuccess || VersionOf(present.Json()) < Version)
            await PutAsync(client, $"/_index_template/{OpenSearchNames.Template}", Records, cancellationToken);
        await CreateAsync(client, OpenSearchNames.Positions, Positions, cancellationToken);
        await CreateAsync(client, OpenSearchNames.DeadLetters, DeadLetters, cancellationToken);
    }

    private static async Task PutAsync(OpenSearchClient client, string path, string body, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(HttpMethod.Put, path, System.Text.Encoding.UTF8.GetBytes(body), cancellationToken);
        if (!answer.IsSuccess)
            throw client.Unavailable(answer);
    }

    private static async Task CreateAsync(OpenSearchClient client, string index, string body, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(HttpMethod.Put, $"/{index}", System.Text.Encoding.UTF8.GetBytes(body), cancellationToken);
        // Another instance, or an earlier start, has made it.
        if (!answer.IsSuccess && !answer.Reason.Contains("resource_already_exists_exception", StringComparison.Ordinal))
            throw client.Unavailable(answer);
    }

    private static long VersionOf(JsonElement answer) =>
        answer.TryGetProperty("index_templates", out var templates) && templates.ValueKind == JsonValueKind.Array && templates.GetArrayLength() > 0
        && templates[0].TryGetProperty("index_template", out var template) && template.TryGetProperty("version", out var version) && version.TryGetInt64(out var number)
            ? number
            : 0;
}
