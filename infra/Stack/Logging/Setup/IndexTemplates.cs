using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Stack.Settings.Logging;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>
/// How records of each kind are stored. Known fields have types; what is unknown is kept with the record and not indexed, so that no program can
/// make OpenSearch learn a field a log line, or have a record refused because another program wrote the same field in another type.
/// </summary>
/// <remarks>https://docs.opensearch.org/latest/im-plugin/index-templates/</remarks>
public static class IndexTemplates
{
    /// <summary>Prefix of the indices with logs of containers.</summary>
    public const string Application = "application";

    /// <summary>Prefix of the indices with the audit log of the Kubernetes API.</summary>
    public const string Audit = "audit";

    /// <summary>
    /// First part of the names of the indices that the ledger makes: <c>ledger.STREAM.MONTH</c>, and two with its positions and dead letters. A name of a stream
    /// has no dot (infra/Services/Ledger/Indexing).
    /// </summary>
    public const string Ledger = "ledger";

    /// <summary>Of the ledger's own template: it leaves one of this version alone, and replaces an older one.</summary>
    private const int LedgerVersion = 1;

    // Lucene accepts terms of up to 32,766 bytes; a UTF-8 character has at most four bytes.
    private const int LongestKeyword = 8191;

    public static IEnumerable<SetupStep> All(LoggingSettings settings) =>
    [
        Template(Application, [$"{Application}-*"], settings.Search, ApplicationMappings()),
        Template(Audit, [$"{Audit}-*"], settings.Search, AuditMappings()),
        Template(Ledger, [$"{Ledger}.*.*"], settings.Search, LedgerMappings(), LedgerVersion),
        // The ledger makes these two indices itself, with their mappings, and does not know how many copies the zones of the domain ask for.
        Template($"{Ledger}-state", [$"{Ledger}.positions", $"{Ledger}.dead-letters"], settings.Search, null),
    ];

    private static SetupStep Template(string name, string[] patterns, SearchSettings search, JsonObject? mappings, int? version = null)
    {
        var template = new JsonObject
        {
            ["settings"] = new JsonObject
            {
                ["index"] = new JsonObject
                {
                    ["number_of_shards"] = "1",
                    ["number_of_replicas"] = (search.Copies - 1).ToString(CultureInfo.InvariantCulture),
                    ["refresh_interval"] = "5s",
                    ["codec"] = "best_compression",
                },
            },
        };
        if (mappings is not null)
            template["mappings"] = mappings;
        var body = new JsonObject { ["index_patterns"] = new JsonArray([.. patterns.Select(pattern => (JsonNode)pattern)]), ["priority"] = 100, ["template"] = template };
        if (version is { } number)
            body["version"] = number;
        return new SetupStep(SetupStepKind.Put, $"/_index_template/{name}", body);
    }

    private static JsonObject ApplicationMappings() => new()
    {
        // Not strict: a field that a new version of the agent adds would have every record of the cluster refused.
        ["dynamic"] = false,
        ["properties"] = new JsonObject
        {
            ["@timestamp"] = Of("date_nanos"),
            ["log"] = Of("text"),
            ["stream"] = Keyword(),
            ["extra"] = Unindexed(),
            ["kubernetes"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["namespace_name"] = Keyword(),
                    ["pod_name"] = Keyword(),
                    ["pod_id"] = Keyword(),
                    ["container_name"] = Keyword(),
                    ["container_image"] = Keyword(),
                    ["host"] = Keyword(),

                    // Values of labels have 63 characters at most, so none is too long for a term.
                    ["labels"] = Of("flat_object"),
                },
            },
        },
    };

    // https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
    private static JsonObject AuditMappings() => new()
    {
        ["dynamic"] = false,
        ["properties"] = new JsonObject
        {
            ["requestReceivedTimestamp"] = Of("date"),
            ["stageTimestamp"] = Of("date"),
            ["auditID"] = Keyword(),
            ["level"] = Keyword(),
            ["stage"] = Keyword(),
            ["verb"] = Keyword(),
            ["requestURI"] = Of("text"),
            ["userAgent"] = Keyword(),
            ["sourceIPs"] = Keyword(),
            ["user"] = Fields("username", "uid", "groups"),
            ["impersonatedUser"] = Fields("username", "uid", "groups"),
            ["objectRef"] = Fields("resource", "subresource", "namespace", "name", "apiGroup", "apiVersion"),
            ["responseStatus"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["code"] = Of("integer"), ["status"] = Keyword(), ["reason"] = Keyword() },
            },
            ["requestObject"] = Unindexed(),
            ["responseObject"] = Unindexed(),
            ["annotations"] = Unindexed(),
        },
    };

    /// <summary>
    /// The document that the ledger writes for a record, as in its own template (OpenSearchTemplate.cs): what is searched is <c>words</c>, which it makes. Fields of the
    /// data are not mapped, so that no producer can have a record of another refused by using a field in another type.
    /// </summary>
    private static JsonObject LedgerMappings() => new()
    {
        ["dynamic"] = false,
        ["_source"] = new JsonObject { ["excludes"] = new JsonArray("words") },
        ["properties"] = new JsonObject
        {
            ["@timestamp"] = Of("date"),
            ["at"] = Of("date"),
            ["event"] = Of("long"),
            ["sequence"] = Of("long"),
            ["stream"] = Of("keyword"),
            ["id"] = Of("keyword"),
            ["producer"] = Of("keyword"),
            ["producerSequence"] = Of("long"),
            ["generation"] = Of("long"),
            ["size"] = Of("integer"),
            ["time"] = Stored(),
            ["hash"] = Stored(),
            ["words"] = new JsonObject { ["type"] = "text", ["analyzer"] = "whitespace", ["norms"] = false, ["index_options"] = "docs" },
            ["data"] = Unindexed(),
        },
    };

    private static JsonObject Stored() => new() { ["type"] = "keyword", ["index"] = false, ["doc_values"] = false };

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject Keyword() => new() { ["type"] = "keyword", ["ignore_above"] = LongestKeyword };

    private static JsonObject Unindexed() => new() { ["type"] = "object", ["enabled"] = false };

    private static JsonObject Fields(params string[] names)
    {
        var fields = new JsonObject();
        foreach (var name in names)
            fields[name] = Keyword();
        return new JsonObject { ["properties"] = fields };
    }
}
