using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Monitoring.Dashboards.Queries;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The way of a record: out of a container, through Fluent Bit, into OpenSearch.</summary>
internal static class LogsDashboard
{
    public const string Uid = "ha-logs";

    public static Dashboard Of() => new()
    {
        Uid = Uid,
        Title = "Logs",
        Description = "Whether every record arrives: shippers and OpenSearch. What the archive takes, CloudWatch alarms watch.",
        Rows = [Shipping(), Search(), Room()],
    };

    private static Row Shipping() => new("Shipping",
    [
        Panel.Stat("Lost", Unit.Count, "Records that were given up in the last 24 hours. Retries are unlimited and rejects are kept: it must be 0.",
            new Target("sum(increase(fluentbit_output_dropped_records_total[24h]))", "records")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Retries failed", Unit.Count, "Chunks that were given up in the last 24 hours.",
            new Target("sum(increase(fluentbit_output_retries_failed_total[24h]))", "chunks")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Shippers", Unit.Count, "One a node; what runs on a node without one is not shipped.",
            new Target("count(count by (pod) (fluentbit_uptime))", "running"), new Target("count(kube_node_info)", "nodes")).Wide(8),
        Panel.TimeSeries("In", Unit.OperationsPerSecond, "Records read, by input.",
            new Target("sum by (name) (rate(fluentbit_input_records_total[$__rate_interval]))", "{{name}}")),
        Panel.TimeSeries("Out", Unit.OperationsPerSecond, "Records taken, by output.",
            new Target("sum by (name) (rate(fluentbit_output_proc_records_total[$__rate_interval]))", "{{name}}")),
        Panel.TimeSeries("Retries and errors", Unit.OperationsPerSecond, "Records wait on disk meanwhile.",
            new Target("sum by (name) (rate(fluentbit_output_retries_total[$__rate_interval]))", "{{name}} retries"),
            new Target("sum by (name) (rate(fluentbit_output_errors_total[$__rate_interval]))", "{{name}} errors")),
        Panel.TimeSeries("Waiting on disk", Unit.Count, "Chunks in the buffers. They grow while an output does not take them.",
            new Target("sum by (pod) (fluentbit_storage_fs_chunks)", "{{pod}}")),
    ]);

    private static Row Search() => new("OpenSearch",
    [
        Panel.TimeSeries("Red or yellow", Unit.YesNo, "Red: some data cannot be read. Yellow: some data has one copy only.",
            new Target("max(aws_es_cluster_status_red_maximum)", "red"), new Target("max(aws_es_cluster_status_yellow_maximum)", "yellow")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Nodes", Unit.Count, "The least in each period.", new Target("min(aws_es_nodes_minimum)", "nodes")),
        Panel.TimeSeries("Writes blocked", Unit.YesNo, "Storage or memory has run out: nothing is taken any more, and the shippers buffer.",
            new Target("max(aws_es_cluster_index_writes_blocked_maximum)", "blocked")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Free storage of the fullest node", Unit.Megabytes, "Below a quarter of a node's volume AWS recommends to act.",
            new Target("min(aws_es_free_storage_space_minimum)", "free")),
        Panel.TimeSeries("Processor", Unit.Percent, "Of the busiest data node, and of the busiest master.",
            new Target("max(aws_es_cpuutilization_maximum)", "data"), new Target("max(aws_es_master_cpuutilization_maximum)", "master")).Colored(Threshold.Rising(60, 80)),
        Panel.TimeSeries("Memory of Java", Unit.Percent, "Of the fullest data node.",
            new Target("max(aws_es_jvmmemory_pressure_maximum)", "data"), new Target("max(aws_es_master_jvmmemory_pressure_maximum)", "master")).Colored(Threshold.Rising(80, 95)),
        Panel.TimeSeries("Snapshots fail", Unit.YesNo, "The automatic snapshot of the domain.",
            new Target("max(aws_es_automated_snapshot_failure_maximum)", "failed")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Key out of reach", Unit.YesNo, "Without its key the domain stops, and is lost after 7 days.",
            new Target("max(aws_es_kmskey_error_maximum)", "error"), new Target("max(aws_es_kmskey_inaccessible_maximum)", "inaccessible")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Refused writes", Unit.Count, "A period of CloudWatch. The shippers send them again.",
            new Target("sum(aws_es_threadpool_write_rejected_sum)", "rejected")),
    ]);

    private static Row Room() => new("Shippers",
    [
        Panel.TimeSeries("Sent", Unit.BytesPerSecond, "Bytes of records that each output has taken.",
            new Target("sum by (name) (rate(fluentbit_output_proc_bytes_total[$__rate_interval]))", "{{name}}")),
        Panel.BarGauge("Used of volume", Unit.Share, "Of the volumes in the namespace of the logs.",
            new Target(
                VolumeQueries.FullestOf($"namespace=\"{ClusterNamespaces.Logging}\""),
                "{{persistentvolumeclaim}}")).Colored(Threshold.Rising(0.7, 0.85)),
        Panel.TimeSeries("Memory", Unit.Bytes, "Of each shipper.",
            new Target(
                $"sum by (pod) (container_memory_working_set_bytes{{namespace=\"{ClusterNamespaces.Logging}\",container!=\"\",image!=\"\"}})",
                "{{pod}}")),
    ]);
}
