using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>
/// What each IAM role may do inside OpenSearch: writers add to their own indices and nothing else. OpenSearch cannot distinguish adding a record from
/// replacing one by the same id, so this does not prevent tampering: the archive and its hashes do. The ledger may delete too: it takes dead letters away that were
/// accepted later, and what an index that was built anew has no longer; all of its indices can be made again from the archive.
/// </summary>
/// <remarks>https://docs.opensearch.org/latest/security/access-control/api/</remarks>
public static class SearchRoles
{
    private const string Writer = "-writer";

    // Cluster permissions for bulk requests, and for the version and health checks of writers.
    private static readonly string[] ClusterRights = ["cluster_composite_ops", "cluster_monitor"];

    // No update, no deletion: "crud" and "write" have both.
    private static readonly string[] Adding = ["create_index", "indices:data/write/bulk*", "indices:data/write/index*"];

    private const string LedgerIndices = $"{IndexTemplates.Ledger}.*";

    public static IEnumerable<SetupStep> All(SearchPrincipals principals)
    {
        yield return Role(IndexTemplates.Application + Writer, Adding, PatternOf(IndexTemplates.Application));
        yield return Role(
            IndexTemplates.Ledger + Writer,
            [.. ClusterRights, "indices:admin/index_template/get"],
            [.. Adding, "indices:data/write/delete", "indices:admin/refresh*", "read"],
            [LedgerIndices]);
        yield return Mapping(IndexTemplates.Application + Writer, principals.Agent);
        yield return Mapping(IndexTemplates.Ledger + Writer, principals.Finance);
        if (principals.AuditPipeline.Length > 0)
        {
            yield return Role(IndexTemplates.Audit + Writer, Adding, PatternOf(IndexTemplates.Audit));
            yield return Mapping(IndexTemplates.Audit + Writer, principals.AuditPipeline);
        }

        // Takes and deletes snapshots, by the policies that it writes; a master user has all other rights by itself.
        yield return Mapping("manage_snapshots", principals.Setup);
        if (principals.Readers.IsEmpty)
            yield break;

        yield return Role(
            "log-reader",
            ["cluster_composite_ops_ro"],
            ["read", "indices:admin/mappings/get*"],
            [PatternOf(IndexTemplates.Application), PatternOf(IndexTemplates.Audit), LedgerIndices]);
        yield return Mapping("log-reader", [.. principals.Readers]);

        // Dashboards keep what people save in indices of their own.
        yield return Mapping("opensearch_dashboards_user", [.. principals.Readers]);
    }

    private static string PatternOf(string prefix) => $"{prefix}-*";

    private static SetupStep Role(string name, string[] actions, params string[] patterns) => Role(name, ClusterRights, actions, patterns);

    private static SetupStep Role(string name, string[] clusterRights, string[] actions, string[] patterns) => new(
        SetupStepKind.Put,
        $"/_plugins/_security/api/roles/{name}",
        new JsonObject
        {
            ["cluster_permissions"] = Texts(clusterRights),
            ["index_permissions"] = new JsonArray(new JsonObject
            {
                ["index_patterns"] = Texts(patterns),
                ["allowed_actions"] = Texts(actions),
            }),
        });

    private static SetupStep Mapping(string role, params string[] arns) => new(
        SetupStepKind.Put, $"/_plugins/_security/api/rolesmapping/{role}", new JsonObject { ["backend_roles"] = Texts(arns) });

    private static JsonArray Texts(string[] values) => new([.. values.Select(value => (JsonNode)value)]);
}

/// <summary>ARNs of the IAM roles that OpenSearch knows.</summary>
/// <param name="Setup">Sets the domain up: its master user.</param>
/// <param name="Agent">Writes logs of containers.</param>
/// <param name="AuditPipeline">Role that writes audit records; empty without one.</param>
/// <param name="Finance">Writes finance records and reads them again.</param>
/// <param name="Readers">People who may search.</param>
public sealed record SearchPrincipals(string Setup, string Agent, string AuditPipeline, string Finance, ImmutableArray<string> Readers);
