using System.Collections.Immutable;
using HaCluster.Stack.Settings.Databases;

namespace HaCluster.Stack.Naming;

/// <summary>Names of log groups. The policy of their key needs them before they exist.</summary>
public sealed class LogGroupNames(string cluster)
{
    /// <summary>The name that EKS writes to; it cannot be chosen.</summary>
    public string ControlPlane { get; } = $"/aws/eks/{cluster}/cluster";

    public string Flow { get; } = $"/aws/vpc/{cluster}/flow-logs";

    /// <summary>Who did what in OpenSearch.</summary>
    public string SearchAudit { get; } = $"/aws/opensearch/{cluster}/audit";

    public string SearchErrors { get; } = $"/aws/opensearch/{cluster}/errors";

    public string SearchSlowQueries { get; } = $"/aws/opensearch/{cluster}/slow-queries";

    public string SearchSlowIndexing { get; } = $"/aws/opensearch/{cluster}/slow-indexing";

    /// <summary>What the stream of audit records could not deliver.</summary>
    public string AuditDelivery { get; } = $"/aws/kinesisfirehose/{cluster}-audit";

    /// <summary>Logs of the pipeline of audit records; OpenSearch Ingestion writes only to names with this prefix
    /// (https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_osis_CloudWatchLogDestination.html).</summary>
    public string AuditPipeline { get; } = $"/aws/vendedlogs/OpenSearchIngestion/{cluster}-audit";

    /// <summary>Requests that the firewall found; AWS WAF writes to names that begin like this only
    /// (https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html).</summary>
    public string Firewall { get; } = $"aws-waf-logs-{cluster}";

    public ImmutableArray<string> All =>
    [
        ControlPlane, Flow, SearchAudit, SearchErrors, SearchSlowQueries, SearchSlowIndexing, AuditDelivery, AuditPipeline, Firewall,
        .. DatabaseEngine.All.SelectMany(engine => engine.LogGroups(cluster)),
    ];

    public ImmutableDictionary<string, object> ToDictionary() => ImmutableDictionary.CreateRange<string, object>(
        [new("controlPlane", ControlPlane), new("flow", Flow)]);
}
