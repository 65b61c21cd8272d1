using System.Collections.Immutable;
using System.Text;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>
/// What is read from CloudWatch
/// (https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/docs/configuration.md). A metric
/// <c>FreeableMemory</c> of <c>AWS/RDS</c> by its minimum becomes <c>aws_rds_freeable_memory_minimum</c>.
/// </summary>
public static class CloudWatchJobs
{
    // What this program makes carries this tag; load balancers that the controller in the cluster makes carry another.
    private const string OwnTag = "Cluster";
    private const string ControllerTag = "elbv2.k8s.aws/cluster";

    // Names as in the metrics reference of each service, from https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
    private static readonly ImmutableArray<(string Service, string Tag, string Statistic, ImmutableArray<string> Metrics)> Jobs =
    [
        ("AWS/RDS", OwnTag, "Average", ["CPUUtilization", "DatabaseConnections", "ReadLatency", "WriteLatency", "CommitLatency", "VolumeBytesUsed"]),
        ("AWS/RDS", OwnTag, "Minimum", ["FreeableMemory", "FreeLocalStorage", "EngineUptime", "BufferCacheHitRatio"]),
        ("AWS/RDS", OwnTag, "Maximum", ["AuroraReplicaLag", "Deadlocks", "MaximumUsedTransactionIDs"]),
        ("AWS/ES", OwnTag, "Maximum",
        [
            "ClusterStatus.red", "ClusterStatus.yellow", "ClusterIndexWritesBlocked", "AutomatedSnapshotFailure", "CPUUtilization",
            "JVMMemoryPressure", "OldGenJVMMemoryPressure", "MasterCPUUtilization", "MasterJVMMemoryPressure", "KMSKeyError", "KMSKeyInaccessible",
        ]),
        ("AWS/ES", OwnTag, "Minimum", ["FreeStorageSpace", "Nodes", "MasterReachableFromNode"]),
        ("AWS/ES", OwnTag, "Average", ["SearchLatency", "IndexingLatency", "SearchRate", "IndexingRate"]),
        ("AWS/ES", OwnTag, "Sum", ["5xx", "ThreadpoolWriteRejected"]),
        ("AWS/NATGateway", OwnTag, "Sum", ["ErrorPortAllocation", "PacketsDropCount", "BytesOutToDestination", "BytesInFromDestination"]),
        ("AWS/NATGateway", OwnTag, "Maximum", ["ActiveConnectionCount"]),
        ("AWS/NetworkELB", ControllerTag, "Minimum", ["HealthyHostCount"]),
        ("AWS/NetworkELB", ControllerTag, "Maximum", ["UnHealthyHostCount"]),
        ("AWS/NetworkELB", ControllerTag, "Average", ["ActiveFlowCount"]),
        ("AWS/NetworkELB", ControllerTag, "Sum", ["ProcessedBytes", "TCP_Target_Reset_Count", "TCP_ELB_Reset_Count", "PortAllocationErrorCount"]),
        ("AWS/ApplicationELB", ControllerTag, "Minimum", ["HealthyHostCount"]),
        ("AWS/ApplicationELB", ControllerTag, "Maximum", ["UnHealthyHostCount"]),
        ("AWS/ApplicationELB", ControllerTag, "Average", ["TargetResponseTime"]),
        ("AWS/ApplicationELB", ControllerTag, "Sum", ["RequestCount", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"]),
    ];

    /// <summary>The file, in YAML.</summary>
    /// <param name="cluster">What the tags must be worth; letters, digits and dashes.</param>
    public static string Text(string region, string cluster)
    {
        var text = new StringBuilder($"""
            apiVersion: v1alpha1
            sts-region: {region}
            discovery:
              exportedTagsOnMetrics:
            {string.Join('\n', Jobs.Select(job => job.Service).Distinct(StringComparer.Ordinal).Select(service => $"    {service}: [Name]"))}
              jobs:

            """);
        foreach (var service in Jobs.GroupBy(job => (job.Service, job.Tag)))
        {
            text.Append($"""
                  - type: {service.Key.Service}
                    regions: [{region}]
                    searchTags:
                      - key: {service.Key.Tag}
                        value: ^{cluster}$
                    period: 300
                    length: 600
                    metrics:

                """);
            foreach (var (_, _, statistic, metrics) in service)
                foreach (var metric in metrics)
                    text.Append($"      - name: {metric}\n        statistics: [{statistic}]\n");
        }

        return text.ToString();
    }
}
