using System.Text.Json.Nodes;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>Snapshots in our own bucket, in addition to the hourly ones of AWS, which are deleted with the domain.</summary>
public static class SnapshotPlan
{
    /// <summary>Name of the repository in OpenSearch.</summary>
    public const string Repository = "snapshots";

    /// <summary>Days that a daily snapshot is kept.</summary>
    public const int Days = 30;

    /// <param name="bucket">Name of the bucket.</param>
    /// <param name="region">Where it is.</param>
    /// <param name="role">ARN of the role that OpenSearch writes with.</param>
    public static IEnumerable<SetupStep> All(string bucket, string region, string role) => [Register(bucket, region, role), Daily];

    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-registerdirectory.html
    private static SetupStep Register(string bucket, string region, string role)
    {
        var settings = new JsonObject { ["bucket"] = bucket, ["base_path"] = "opensearch", ["role_arn"] = role };
        if (region == "us-east-1")
            settings["endpoint"] = "s3.amazonaws.com";
        else
            settings["region"] = region;
        return new SetupStep(SetupStepKind.Put, $"/_snapshot/{Repository}", new JsonObject { ["type"] = "s3", ["settings"] = settings });
    }

    // https://docs.opensearch.org/latest/tuning-your-cluster/availability-and-recovery/snapshots/sm-api/
    private static SetupStep Daily => new(
        SetupStepKind.PostThenPutVersion,
        "/_plugins/_sm/policies/daily",
        new JsonObject
        {
            ["description"] = "Finance and audit records, every night",
            ["enabled"] = true,
            ["creation"] = new JsonObject { ["schedule"] = Cron("0 2 * * *"), ["time_limit"] = "6h" },
            ["deletion"] = new JsonObject
            {
                ["schedule"] = Cron("0 5 * * *"),
                ["condition"] = new JsonObject { ["max_age"] = $"{Days}d", ["min_count"] = 7 },
                ["time_limit"] = "6h",
            },
            ["snapshot_config"] = new JsonObject
            {
                ["repository"] = Repository,
                ["indices"] = $"{IndexTemplates.Ledger}.*,{IndexTemplates.Audit}-*",
                ["ignore_unavailable"] = true,
                ["include_global_state"] = false,
                ["partial"] = false,
            },
        });

    private static JsonObject Cron(string expression) =>
        new() { ["cron"] = new JsonObject { ["expression"] = expression, ["timezone"] = "UTC" } };
}
