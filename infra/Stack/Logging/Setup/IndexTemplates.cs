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

    // Lucene accepts terms of up to 32,766 bytes; a UTF-8 character has at most four bytes.
    private const int LongestKeyword = 8191;

    public static IEnumerable<SetupStep> All(LoggingSettings settings) =>
    [
        Template(Application, settings.Search, ApplicationMappings()),
        Template(Audit, settings.Search, AuditMappings()),
        Template(settings.Finance.IndexPrefix, settings.Search, FinanceMappings()),
    ];

    private static SetupStep Template(string prefix, SearchSettings search, JsonObject mappings) => new(
        SetupStepKind.Put,
        $"/_index_template/{prefix}",
        new JsonObject
        {
            ["index_patterns"] = new JsonArray($"{prefix}-*"),
            ["priority"] = 100,
            ["template"] = new JsonObject
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
                ["mappings"] = mappings,
            },
        });

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
    /// The record that the finance-log service writes. Strict: one that has another field is refused, and the service, which has it stored
    /// already, sees that at once. What a producer adds goes into <c>extra</c>.
    /// </summary>
    private static JsonObject FinanceMappings() => new()
    {
        ["dynamic"] = "strict",
        ["properties"] = new JsonObject
        {
            ["event_time"] = Of("date_nanos"),
            ["received_time"] = Of("date_nanos"),
            ["source"] = Keyword(),
            ["sequence"] = Of("unsigned_long"),
            ["kind"] = Keyword(),
            ["account"] = Keyword(),
            ["counterparty"] = Keyword(),
            ["reference"] = Keyword(),
            ["currency"] = Keyword(),

            // Digits as they were written: a floating point number loses the last of them. The other field is for ranges and graphs.
            ["amount"] = Keyword(),
            ["amount_approx"] = Of("double"),
            ["previous_hash"] = Keyword(),
            ["hash"] = Keyword(),
            ["text"] = Of("text"),
            ["extra"] = Unindexed(),
        },
    };

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
