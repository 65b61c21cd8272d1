namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class DatabaseCases
{
    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "DatabaseWithoutReader",
            At = "30m",

            // The reader's metric stops; the exporter goes on with NaN.
            Firing = [Uptime("WRITER", "600+60x60"), Uptime("READER", "600+60x5 NaNx60")],
            Labels = "dimension_DBClusterIdentifier=ha-postgres",
            Silent = [Uptime("WRITER", "600+60x60"), Uptime("READER", "600+60x60")],
        },
        new()
        {
            Alert = "DatabaseWriterChanged",
            At = "20m",
            Firing = [Uptime("WRITER", "90000+60x10 30+60x60"), Uptime("READER", "90000+60x60")],
            Labels = "dimension_DBClusterIdentifier=ha-postgres",
            Silent = [Uptime("WRITER", "90000+60x60"), Uptime("READER", "90000+60x10 30+60x60")],
        },
        Instance("DatabaseReplicaLag", "aws_rds_aurora_replica_lag_maximum", "4000x60", "4k", "80x60"),
        Instance("DatabaseCpuHigh", "aws_rds_cpuutilization_average", "95x60", "95", "95x10 40x60"),
        Instance("DatabaseMemoryLow", "aws_rds_freeable_memory_minimum", "134217728x60", "128Mi", "2147483648x60"),
        Instance("DatabaseLocalStorageLow", "aws_rds_free_local_storage_minimum", "1073741824x60", "1Gi", "NaNx60"),
        new()
        {
            Alert = "DatabaseConnectionsSurge",
            Interval = "5m",
            At = "8d",
            Firing = [Connections("60x2290 400x60")],
            Labels = "dimension_DBInstanceIdentifier=ha-postgres-0",
            Value = "400",

            // As many, and every day has had as many.
            Silent = [Connections("400x2400")],
        },
        Instance("DatabaseDeadlocks", "aws_rds_deadlocks_maximum", "0.5x60", "500m", "0.01x60"),
    ];

    private static RuleCase Instance(string alert, string metric, string firing, string value, string silent) => new()
    {
        Alert = alert,
        At = "25m",
        Firing = [($$"""{{metric}}{dimension_DBInstanceIdentifier="ha-postgres-1"}""", firing)],
        Labels = "dimension_DBInstanceIdentifier=ha-postgres-1",
        Value = value,

        // CloudWatch also gives the metric for the whole cluster: that is no instance.
        Silent = [($$"""{{metric}}{dimension_DBInstanceIdentifier="ha-postgres-1"}""", silent), ($$"""{{metric}}{dimension_DBClusterIdentifier="ha-postgres"}""", firing)],
    };

    private static (string Series, string Values) Uptime(string role, string values) =>
        ($$"""aws_rds_engine_uptime_minimum{dimension_DBClusterIdentifier="ha-postgres",dimension_Role="{{role}}"}""", values);

    private static (string Series, string Values) Connections(string values) =>
        ("""aws_rds_database_connections_average{dimension_DBInstanceIdentifier="ha-postgres-0"}""", values);
}
