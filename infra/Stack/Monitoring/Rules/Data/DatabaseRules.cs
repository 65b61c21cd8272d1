namespace HaCluster.Stack.Monitoring.Rules.Data;

/// <summary>
/// Aurora, from CloudWatch metrics (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html). The
/// exporter shows a minute without data as NaN, which no comparison matches.
/// </summary>
internal static class DatabaseRules
{
    private static readonly AlertFactory Alert = AlertRule.Of(AlertTeam.Data, DashboardUid.Databases);

    private const string Of = "max by (dimension_DBInstanceIdentifier)";
    private const string Instance = """{dimension_DBInstanceIdentifier!=""}""";
    private const string Cluster = "dimension_DBClusterIdentifier";

    public static RuleGroup Group { get; } = new()
    {
        Name = "databases",
        Alerts =
        [
            Alert(
                "DatabaseWithoutReader",
                $$"""
                max by ({{Cluster}}) (aws_rds_engine_uptime_minimum{dimension_Role="WRITER"} >= 0)
                  unless on ({{Cluster}})
                max by ({{Cluster}}) (aws_rds_engine_uptime_minimum{dimension_Role="READER"} >= 0)
                """,
                "10m",
                AlertSeverity.Critical,
                "Database {{ $labels.dimension_DBClusterIdentifier }} has no reader to fail over to",
                "No reader has reported for 10 minutes. If the writer or its zone is lost now, Aurora creates a new instance, "
                    + "which takes ten minutes or more instead of half a minute."),
            Alert(
                "DatabaseWriterChanged",
                $$"""
                max by ({{Cluster}}) (resets(aws_rds_engine_uptime_minimum{dimension_Role="WRITER"}[30m])) > 0
                """,
                "0m",
                AlertSeverity.Warning,
                "The writer of database {{ $labels.dimension_DBClusterIdentifier }} failed over or restarted",
                "The writer's uptime was reset in the last half hour. Connections broke, and writes failed until clients reconnected."),
            Alert(
                "DatabaseReplicaLag",
                $"{Of} (aws_rds_aurora_replica_lag_maximum{Instance}) > 1000",
                "5m",
                AlertSeverity.Warning,
                "Reader {{ $labels.dimension_DBInstanceIdentifier }} lags behind the writer",
                "It lags {{ $value | humanize }} ms; below 100 ms is normal for Aurora. Reads are stale, and Aurora restarts a reader that falls far behind."),
            Alert(
                "DatabaseCpuHigh",
                $"{Of} (aws_rds_cpuutilization_average{Instance}) > 90",
                "15m",
                AlertSeverity.Warning,
                "CPU of database {{ $labels.dimension_DBInstanceIdentifier }} is nearly used up",
                "{{ $value | humanize }} % for 15 minutes."),
            Alert(
                "DatabaseMemoryLow",
                $"min by (dimension_DBInstanceIdentifier) (aws_rds_freeable_memory_minimum{Instance}) < 268435456",
                "15m",
                AlertSeverity.Warning,
                "Database {{ $labels.dimension_DBInstanceIdentifier }} has little memory left",
                "{{ $value | humanize1024 }}B are freeable. An instance that runs out of memory restarts; a writer fails over."),
            Alert(
                "DatabaseLocalStorageLow",
                $"min by (dimension_DBInstanceIdentifier) (aws_rds_free_local_storage_minimum{Instance}) < 5368709120",
                "15m",
                AlertSeverity.Warning,
                "Database {{ $labels.dimension_DBInstanceIdentifier }} has little local storage left",
                "{{ $value | humanize1024 }}B are left for sorts, temporary tables and logs. The data itself is on the cluster volume, which grows by itself."),
            Alert(
                "DatabaseConnectionsSurge",
                $$"""
                {{Of}} (aws_rds_database_connections_average{{Instance}}) > 100
                  and {{Of}} (aws_rds_database_connections_average{{Instance}})
                    > 2 * {{Of}} (quantile_over_time(0.99, aws_rds_database_connections_average{{Instance}}[1w] offset 1h))
                """,
                "10m",
                AlertSeverity.Warning,
                "Connections to database {{ $labels.dimension_DBInstanceIdentifier }} have doubled within a week",
                "{{ $value | humanize }} connections. A leaking pool, or clients that bypass the proxy, will reach max_connections; then no client can connect."),
            Alert(
                "DatabaseDeadlocks",
                $"{Of} (aws_rds_deadlocks_maximum{Instance}) > 0.05",
                "10m",
                AlertSeverity.Warning,
                "Transactions deadlock in database {{ $labels.dimension_DBInstanceIdentifier }}",
                "{{ $value | humanize }} deadlocks per second for 10 minutes; each one aborts a transaction."),
        ],
    };
}
