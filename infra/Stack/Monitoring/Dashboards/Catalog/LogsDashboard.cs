using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Monitoring.Dashboards.Queries;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The path of a record: from a container through Fluent Bit into OpenSearch.</summary>
internal static class LogsDashboard
{
    public const string Uid = "ha-logs";

    public static Dashboard Of() => new()
    {
        Uid = Uid,
        Title = "Logs",
        Description = "Delivery of log records: shippers and OpenSearch. The archive has its own CloudWatch alarms.",
        Rows = [Shipping(), Search(), Room()],
    };

    private static Row Shipping() => new("Shipping",
    [
        Panel.Stat("Lost records", Unit.Count, "Records dropped in the last 24 hours. Must be 0: retries are unlimited and rejected records are kept.",
            new Target("sum(increase(fluentbit_output_dropped_records_total[24h]))", "records")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Failed retries", Unit.Count, "Chunks dropped in the last 24 hours.",
            new Target("sum(increase(fluentbit_output_retries_failed_total[24h]))", "chunks")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Shippers", Unit.Count, "One per node. Logs of a node without a shipper are not collected.",
            new Target("count(count by (pod) (fluentbit_uptime))", "running"), new Target("count(kube_node_info)", "nodes")).Wide(8),
        Panel.TimeSeries("In", Unit.OperationsPerSecond, "Records read, by input.",
            new Target("sum by (name) (rate(fluentbit_input_records_total[$__rate_interval]))", "{{name}}")),
        Panel.TimeSeries("Out", Unit.OperationsPerSecond, "Records delivered, by output.",
            new Target("sum by (name) (rate(fluentbit_output_proc_records_total[$__rate_interval]))", "{{name}}")),
        Panel.TimeSeries("Retries and errors", Unit.OperationsPerSecond, "Records wait on disk until delivery succeeds.",
            new Target("sum by (name) (rate(fluentbit_output_retries_total[$__rate_interval]))", "{{name}} retries"),
            new Target("sum by (name) (rate(fluentbit_output_errors_total[$__rate_interval]))", "{{name}} errors")),
        Panel.TimeSeries("Waiting on disk", Unit.Count, "Chunks in the buffers. Their number grows while an output does not accept records.",
            new Target("sum by (pod) (fluentbit_storage_fs_chunks)", "{{pod}}")),
    ]);

    private static Row Search() => new("OpenSearch",
    [
        Panel.TimeSeries("Red or yellow", Unit.YesNo, "Red: some data cannot be read. Yellow: some data has one copy only.",
            new Target("max(aws_es_cluster_status_red_maximum)", "red"), new Target("max(aws_es_cluster_status_yellow_maximum)", "yellow")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Nodes", Unit.Count, "Minimum of each period.", new Target("min(aws_es_nodes_minimum)", "nodes")),
        Panel.TimeSeries("Writes blocked", Unit.YesNo, "OpenSearch is out of storage or memory and accepts no records; the shippers buffer them.",
            new Target("max(aws_es_cluster_index_writes_blocked_maximum)", "blocked")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Free storage of the fullest node", Unit.Megabytes, "AWS recommends to act when less than a quarter of the volume is left.",
            new Target("min(aws_es_free_storage_space_minimum)", "free")),
        Panel.TimeSeries("CPU", Unit.Percent, "Busiest data node and busiest master.",
            new Target("max(aws_es_cpuutilization_maximum)", "data"), new Target("max(aws_es_master_cpuutilization_maximum)", "master")).Colored(Threshold.Rising(60, 80)),
        Panel.TimeSeries("JVM memory", Unit.Percent, "Highest value of all data nodes.",
            new Target("max(aws_es_jvmmemory_pressure_maximum)", "data"), new Target("max(aws_es_master_jvmmemory_pressure_maximum)", "master")).Colored(Threshold.Rising(80, 95)),
        Panel.TimeSeries("Snapshot failures", Unit.YesNo, "Automatic snapshot of the domain.",
            new Target("max(aws_es_automated_snapshot_failure_maximum)", "failed")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("KMS key unreachable", Unit.YesNo, "Without its key the domain stops, and after 7 days it is lost.",
            new Target("max(aws_es_kmskey_error_maximum)", "error"), new Target("max(aws_es_kmskey_inaccessible_maximum)", "inaccessible")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Refused writes", Unit.Count, "Per CloudWatch period. The shippers send them again.",
            new Target("sum(aws_es_threadpool_write_rejected_sum)", "rejected")),
    ]);

    private static Row Room() => new("Shippers",
    [
        Panel.TimeSeries("Sent", Unit.BytesPerSecond, "Bytes of records delivered, by output.",
            new Target("sum by (name) (rate(fluentbit_output_proc_bytes_total[$__rate_interval]))", "{{name}}")),
        Panel.BarGauge("Volume usage", Unit.Share, "Volumes in namespace logging.",
            new Target(
                VolumeQueries.FullestOf($"namespace=\"{ClusterNamespaces.Logging}\""),
                "{{persistentvolumeclaim}}")).Colored(Threshold.Rising(0.7, 0.85)),
        Panel.TimeSeries("Memory", Unit.Bytes, "By shipper.",
            new Target(
                $"sum by (pod) (container_memory_working_set_bytes{{namespace=\"{ClusterNamespaces.Logging}\",container!=\"\",image!=\"\"}})",
                "{{pod}}")),
    ]);
}
