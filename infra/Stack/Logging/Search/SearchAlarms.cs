using System.Collections.Immutable;
using HaCluster.Stack.Settings.Logging;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Search;

/// <summary>Input of <see cref="SearchAlarms"/>.</summary>
public sealed record SearchAlarmsArgs
{
    public required SearchSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required Aws.OpenSearch.Domain Domain { get; init; }

    /// <summary>Topic of the alarms.</summary>
    public required Output<string> TopicArn { get; init; }
}

/// <summary>The alarms that AWS recommends for a domain; they reach people when the cluster itself cannot.</summary>
/// <remarks>https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html</remarks>
public sealed class SearchAlarms : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:SearchAlarms";

    private const int Minute = 60;
    private const int QuarterHour = 900;
    private const double MiBOfGiB = 1024;

    public SearchAlarms(string name, SearchAlarmsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Foundation.Scope;
        foreach (var alarm in For(args.Settings))
        {
            _ = new Aws.CloudWatch.MetricAlarm(
                $"search-{alarm.Name}",
                new Aws.CloudWatch.MetricAlarmArgs
                {
                    Name = scope.NameOf($"search-{alarm.Name}"),
                    AlarmDescription = alarm.Meaning,
                    Namespace = "AWS/ES",
                    MetricName = alarm.Metric,
                    Dimensions = new InputMap<string> { { "DomainName", args.Domain.DomainName }, { "ClientId", scope.Account.Id } },
                    Statistic = alarm.Statistic,
                    ComparisonOperator = alarm.Comparison,
                    Threshold = alarm.Threshold,
                    Period = alarm.Seconds,
                    EvaluationPeriods = alarm.Periods,
                    TreatMissingData = alarm.IsSilenceBad ? "breaching" : "notBreaching",
                    AlarmActions = { args.TopicArn },
                    OkActions = { args.TopicArn },
                    Tags = scope.Tags.Named(scope.NameOf($"search-{alarm.Name}")),
                },
                new CustomResourceOptions { Parent = this });
        }

        RegisterOutputs();
    }

    /// <summary>The alarms of a domain of this size.</summary>
    public static ImmutableArray<SearchAlarm> For(SearchSettings settings) =>
    [
        new("red", "ClusterStatus.red", "Maximum", SearchAlarm.AtLeast, 1, 1, Minute, "OpenSearch has lost a primary shard: its records can be neither read nor written."),
        new("yellow", "ClusterStatus.yellow", "Maximum", SearchAlarm.AtLeast, 1, 5, Minute, "OpenSearch has lost a copy of a shard. Check the number of nodes and their free storage."),
        new("storage", "FreeStorageSpace", "Minimum", SearchAlarm.AtMost, settings.VolumeGiB * MiBOfGiB / 4, 1, Minute, "A data node has a quarter of its volume left: raise ha-cluster:logging.search.volumeGiB."),
        new("writes-blocked", "ClusterIndexWritesBlocked", "Maximum", SearchAlarm.AtLeast, 1, 1, 5 * Minute, "OpenSearch accepts no records: it is out of storage or memory. Records wait on the nodes' disks."),
        new("nodes", "Nodes", "Minimum", SearchAlarm.Below, settings.DataNodes + SearchSettings.Masters, 3, 5 * Minute, "OpenSearch has fewer nodes than declared: a zone or an instance is lost.") { IsSilenceBad = true },
        new("snapshot", "AutomatedSnapshotFailure", "Maximum", SearchAlarm.AtLeast, 1, 1, Minute, "The hourly snapshot of OpenSearch failed. Check for a red index."),
        new("cpu", "CPUUtilization", "Average", SearchAlarm.AtLeast, 80, 3, QuarterHour, "Data nodes of OpenSearch are busy: use larger ones or more of them."),
        new("memory", "JVMMemoryPressure", "Maximum", SearchAlarm.AtLeast, 95, 3, Minute, "A data node of OpenSearch is short of memory and will block writes: use larger ones or fewer shards."),
        new("old-memory", "OldGenJVMMemoryPressure", "Maximum", SearchAlarm.AtLeast, 80, 3, Minute, "A data node of OpenSearch cannot free memory: use larger ones or fewer shards."),
        new("queue", "ThreadpoolWriteQueue", "Average", SearchAlarm.AtLeast, 100, 1, Minute, "Records queue inside OpenSearch: they arrive faster than it can index them."),
        new("master-cpu", "MasterCPUUtilization", "Average", SearchAlarm.AtLeast, 50, 3, QuarterHour, "Masters of OpenSearch are busy: use larger ones or fewer shards."),
        new("master-memory", "MasterJVMMemoryPressure", "Maximum", SearchAlarm.AtLeast, 95, 3, Minute, "A master of OpenSearch is short of memory: use larger ones or fewer shards."),
        new("master-lost", "MasterReachableFromNode", "Minimum", SearchAlarm.Below, 1, 5, Minute, "Data nodes of OpenSearch cannot reach a master: nothing can be written."),
        new("key-error", "KMSKeyError", "Maximum", SearchAlarm.AtLeast, 1, 1, Minute, "The KMS key of OpenSearch is disabled: enable it, or the domain is lost."),
        new("key-lost", "KMSKeyInaccessible", "Maximum", SearchAlarm.AtLeast, 1, 1, Minute, "The KMS key of OpenSearch was deleted or its grant revoked: restore from a snapshot."),
    ];
}
