using HaCluster.Stack.Monitoring.Dashboards.Model;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The Aurora clusters as CloudWatch sees them, every minute and a few minutes late.</summary>
internal static class DatabasesDashboard
{
    public const string Uid = "ha-databases";

    private const string Instance = "dimension_DBInstanceIdentifier";
    private const string Cluster = "dimension_DBClusterIdentifier";

    public static Dashboard Of() => new()
    {
        Uid = Uid,
        Title = "Databases",
        Description = "Load, replicas and storage of the Aurora clusters and their proxies.",
        Rows = [Load(), Replicas(), Work()],
    };

    private static Row Load() => new("Load",
    [
        Of(
            "Processor", Unit.Percent,
            "By instance. After a failover a reader takes the writer's load.", "cpuutilization_average").Colored(Threshold.Rising(70, 90)),
        Of("Connections", Unit.Count, "By instance, behind the proxy.", "database_connections_average"),
        Of("Free memory", Unit.Bytes, "By instance. Aurora restarts when it runs out of memory.", "freeable_memory_minimum"),
        Of(
            "Free local storage", Unit.Bytes,
            "For temporary tables and sorting. The cluster volume is separate and grows by itself.", "free_local_storage_minimum"),
        Of("Read latency", Unit.Seconds, "Read from the cluster volume.", "read_latency_average"),
        Of("Write latency", Unit.Seconds, "Write to the cluster volume.", "write_latency_average"),
    ]);

    private static Row Replicas() => new("Replicas",
    [
        Of(
            "Replica lag", Unit.Milliseconds,
            "Delay of each reader behind its writer.", "aurora_replica_lag_maximum").Colored(Threshold.Rising(100, 1000)).Wide(12),
        Panel.TimeSeries("Instances", Unit.Count, "Instances that report metrics, by cluster. With a single instance there is no failover.",
            // Metrics of an instance do not have the cluster; the program numbers the instances of each cluster.
            new Target(
                $"count by ({Cluster}) (label_replace(aws_rds_engine_uptime_minimum{{{Instance}!=\"\"}} >= 0, \"{Cluster}\", \"$1\", \"{Instance}\", \"(.+)-[0-9]+\"))",
                "{{" + Cluster + "}}")).Wide(12),
        Of("Uptime", Unit.Seconds, "Drops to 0 at a restart and at a failover.", "engine_uptime_minimum").Wide(12),
        Panel.TimeSeries("Volume", Unit.Bytes, "Stored data by cluster. Paid for by usage.",
            new Target($"max by ({Cluster}) (aws_rds_volume_bytes_used_average)", "{{" + Cluster + "}}")).Wide(12),
    ]);

    private static Row Work() => new("Work",
    [
        Of("Commit latency", Unit.Milliseconds, "Duration of the commit of a transaction.", "commit_latency_average"),
        Of("Deadlocks", Unit.Count, "Per second.", "deadlocks_maximum").Colored(Threshold.BadFrom(1)),
        Of(
            "Cache hits", Unit.Percent,
            "Share of reads served from memory.", "buffer_cache_hit_ratio_minimum").Colored(Threshold.Falling(80, 95)),
    ]);

    private static Panel Of(string title, Unit unit, string description, string metric) =>
        Panel.TimeSeries(title, unit, description, new Target($"max by ({Instance}) (aws_rds_{metric}{{{Instance}!=\"\"}})", "{{" + Instance + "}}"));
}
