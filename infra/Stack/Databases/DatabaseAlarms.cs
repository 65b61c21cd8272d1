using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Databases;

/// <summary>Input of <see cref="DatabaseAlarms"/>.</summary>
internal sealed record DatabaseAlarmsArgs
{
    public required StackScope Scope { get; init; }

    public required Aws.Rds.Cluster Cluster { get; init; }

    public required Output<string> ProxyName { get; init; }

    /// <summary>Topic of what must reach a person.</summary>
    public required Output<string> TopicArn { get; init; }
}

/// <summary>Alarms for a database that has a problem or no reader to fail over to.</summary>
/// <remarks>
/// Metrics: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html and
/// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html.
/// </remarks>
internal sealed class DatabaseAlarms : ComponentResource
{
    public const string TypeToken = "ha-cluster:databases:Alarms";

    private const string MetricNamespace = "AWS/RDS";
    private const string Above = "GreaterThanThreshold";
    private const string Below = "LessThanThreshold";
    private const int PeriodSeconds = 300;
    private const double GiB = 1024 * 1024 * 1024;

    private readonly DatabaseAlarmsArgs _args;
    private readonly string _name;

    public DatabaseAlarms(string name, DatabaseAlarmsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        _name = name;
        Declare("cpu", "The writer has been busy for 15 minutes", Above, 85, periods: 3, Of("CPUUtilization", "Average", "WRITER"));
        Declare("memory", "An instance is short of memory and will restart soon", Below, 0.5 * GiB, periods: 3, Of("FreeableMemory", "Minimum"));
        Declare("disk", "An instance is short of local disk for sorting and logs; queries will fail", Below, 2 * GiB, periods: 2, Of("FreeLocalStorage", "Minimum"));
        Declare("deadlocks", "Transactions keep deadlocking", Above, 0.1, periods: 3, Of("Deadlocks", "Average", "WRITER"));
        Declare(
            "replica-lag",
            "A reader is two seconds behind: it serves old data, and restarts itself if it falls back further",
            Above, 2_000, periods: 2, Of("AuroraReplicaLagMaximum", "Maximum", "WRITER"));
        // Only readers report their lag. No data for five minutes: no reader is left to take over.
        Declare(
            "no-reader", "There is no reader: if the writer is lost now, the database is down until a new instance runs",
            Below, 1, periods: 1, Of("AuroraReplicaLag", "SampleCount", "READER"), isMissingBad: true);
        Declare("no-writer", "The proxy cannot reach a writer", Below, 90, periods: 1, Proxy("AvailabilityPercentage", "Average"), isMissingBad: true);
        DeclareConnections();
        RegisterOutputs();
    }

    private void DeclareConnections()
    {
        var args = Alarm("connections", "The proxy uses most of its connections to the writer; clients will soon wait", Above, 80, periods: 2, isMissingBad: false);
        args.MetricQueries.Add(new Aws.CloudWatch.Inputs.MetricAlarmMetricQueryArgs
        {
            Id = "percent",
            Expression = "100 * used / allowed",
            Label = "Share of connections in use",
            ReturnData = true,
        });
        args.MetricQueries.Add(Query("used", "DatabaseConnections"));
        args.MetricQueries.Add(Query("allowed", "MaxDatabaseConnectionsAllowed"));
        Create("connections", args);
    }

    private Aws.CloudWatch.Inputs.MetricAlarmMetricQueryArgs Query(string id, string metric) => new()
    {
        Id = id,
        ReturnData = false,
        Metric = new Aws.CloudWatch.Inputs.MetricAlarmMetricQueryMetricArgs
        {
            Namespace = MetricNamespace,
            MetricName = metric,
            Stat = "Sum",
            Period = PeriodSeconds,
            Dimensions = ProxyDimensions(),
        },
    };

    private (string Metric, string Statistic, InputMap<string> Dimensions) Of(string metric, string statistic, string? role = null)
    {
        var dimensions = new InputMap<string> { { "DBClusterIdentifier", _args.Cluster.ClusterIdentifier } };
        if (role is not null)
            dimensions.Add("Role", role);
        return (metric, statistic, dimensions);
    }

    private (string Metric, string Statistic, InputMap<string> Dimensions) Proxy(string metric, string statistic) => (metric, statistic, ProxyDimensions());

    private InputMap<string> ProxyDimensions() => new()
    {
        { "ProxyName", _args.ProxyName },
        { "TargetGroup", "default" },
        { "TargetRole", "READ_WRITE" },
    };

    private void Declare(
        string alarm,
        string meaning,
        string comparison,
        double threshold,
        int periods,
        (string Metric, string Statistic, InputMap<string> Dimensions) measured,
        bool isMissingBad = false)
    {
        var args = Alarm(alarm, meaning, comparison, threshold, periods, isMissingBad);
        args.Namespace = MetricNamespace;
        args.MetricName = measured.Metric;
        args.Statistic = measured.Statistic;
        args.Dimensions = measured.Dimensions;
        args.Period = PeriodSeconds;
        Create(alarm, args);
    }

    private Aws.CloudWatch.MetricAlarmArgs Alarm(string alarm, string meaning, string comparison, double threshold, int periods, bool isMissingBad)
    {
        var name = _args.Scope.NameOf($"{_name}-{alarm}");
        return new Aws.CloudWatch.MetricAlarmArgs
        {
            Name = name,
            AlarmDescription = meaning,
            ComparisonOperator = comparison,
            Threshold = threshold,
            EvaluationPeriods = periods,
            TreatMissingData = isMissingBad ? "breaching" : "notBreaching",
            AlarmActions = { _args.TopicArn },
            OkActions = { _args.TopicArn },
            Tags = _args.Scope.Tags.Named(name),
        };
    }

    private void Create(string alarm, Aws.CloudWatch.MetricAlarmArgs args) =>
        _ = new Aws.CloudWatch.MetricAlarm($"{_name}-{alarm}", args, new CustomResourceOptions { Parent = this });
}
