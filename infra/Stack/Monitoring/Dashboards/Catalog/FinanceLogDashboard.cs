using HaCluster.Stack.Monitoring.Dashboards.Model;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The finance log: records acknowledged, stored, found and proved. Each replica has its own counters and its own view of a stream.</summary>
internal static class FinanceLogDashboard
{
    public const string Uid = "ha-finance";

    private const string Stream = "{{stream}}";
    private const string Pods = """namespace="logging",pod=~"finance-log-.*" """;

    public static Dashboard Of() => new()
    {
        Uid = Uid,
        Title = "Finance log",
        Description = "Receipt, archive, index and proof of finance records, by stream.",
        Annotations =
        [
            new Annotation("Restarts", $"sum by (pod) (increase(kube_pod_container_status_restarts_total{{{Pods}}}[5m])) > 0", "{{pod}} restarted", "orange"),
        ],
        Rows = [Health(), Receipt(), Archive(), Search(), Proof(), Instances()],
    };

    private static Row Health() => new("Health",
    [
        Panel.Stat("Replicas", Unit.Count, "Ready to acknowledge. Below 2 the next loss stops it.",
            new Target("""sum(kube_deployment_status_replicas_available{namespace="logging",deployment="finance-log"})""", "ready")).Colored(Threshold.Falling(1, 2)),
        Panel.Stat("Broken streams", Unit.Count, "Nothing is written to them. Must be 0.",
            new Target("sum(max by (stream) (ledger_stream_broken))", "streams")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Changed archives", Unit.Count, "Streams whose last verification failed. Must be 0.",
            new Target("sum(max by (stream) (ledger_verify_failed))", "streams")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Missing numbers", Unit.Count, "Left out by producers in the last 24 hours.",
            new Target("sum(increase(ledger_sequence_gap_records_total[24h]))", "records")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Not searchable", Unit.Seconds, "Age of the oldest stored record that cannot be found yet. A minute is promised.",
            new Target("max(ledger_index_lag_seconds)", "oldest")).Colored(Threshold.Rising(30, 60)),
        Panel.Stat("Verified", Unit.Ago, "When all of the archive was last verified, of the stream where that is longest ago.",
            new Target("1000 * min(max by (stream) (ledger_verified_timestamp_seconds))", "last")),
    ]);

    private static Row Receipt() => new("Receipt",
    [
        Panel.TimeSeries("Stored", Unit.OperationsPerSecond, "Records acknowledged.",
            new Target("sum by (stream) (rate(ledger_records_stored_total[$__rate_interval]))", Stream)),
        Panel.TimeSeries("Sent again", Unit.OperationsPerSecond, "Records that were stored already. Many: producers do not get their answers.",
            new Target("sum by (stream) (rate(ledger_records_repeated_total[$__rate_interval]))", Stream)),
        Panel.TimeSeries("Refused", Unit.OperationsPerSecond, "Rejected for what they are, or in conflict with stored ones.",
            new Target("sum by (reason) (rate(ledger_records_rejected_total[$__rate_interval]))", "{{reason}}"),
            new Target("sum by (stream) (rate(ledger_records_conflicting_total[$__rate_interval]))", "conflict in {{stream}}")),
        Panel.TimeSeries("Time until acknowledged", Unit.Seconds, "Of requests whose records were stored.",
            new Target("histogram_quantile(0.5, sum by (le) (rate(ledger_acknowledge_seconds_bucket[$__rate_interval])))", "half"),
            new Target("histogram_quantile(0.99, sum by (le) (rate(ledger_acknowledge_seconds_bucket[$__rate_interval])))", "99 of 100")),
        Panel.TimeSeries("Answers", Unit.RequestsPerSecond, "By status, probes included. 503: send again.",
            new Target("sum by (status) (rate(ledger_requests_total[$__rate_interval]))", "{{status}}")),
        Panel.TimeSeries("Missing numbers", Unit.Count, "Left out by producers, in the last hour.",
            new Target("sum by (stream, producer) (increase(ledger_sequence_gap_records_total[1h]))", "{{producer}} in {{stream}}")),
    ]);

    private static Row Archive() => new("Archive",
    [
        Panel.TimeSeries("Away", Unit.YesNo, "S3 accepts nothing from this replica.",
            new Target("max by (pod) (ledger_archive_away)", "{{pod}}")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Time of an object", Unit.Seconds, "99 of 100, from the request to the answer of S3.",
            new Target("histogram_quantile(0.99, sum by (stream, le) (rate(ledger_archive_seconds_bucket[$__rate_interval])))", Stream)),
        Panel.TimeSeries("Bytes", Unit.BytesPerSecond, "Stored in segments.",
            new Target("sum by (stream) (rate(ledger_segment_bytes_total[$__rate_interval]))", Stream)),
        Panel.TimeSeries("Overtaken", Unit.OperationsPerSecond, "Segments that were written again, because another replica was first.",
            new Target("sum by (stream) (rate(ledger_segments_overtaken_total[$__rate_interval]))", Stream)),
        Panel.TimeSeries("Time on the local disk", Unit.Seconds, "99 of 100, flush included.",
            new Target("histogram_quantile(0.99, sum by (pod, le) (rate(ledger_spool_seconds_bucket[$__rate_interval])))", "{{pod}}")),
        Panel.TimeSeries("Records", Unit.Count, "In each stream.", new Target("max by (stream) (ledger_stream_records)", Stream)),
    ]);

    private static Row Search() => new("Index",
    [
        Panel.TimeSeries("Lag", Unit.Seconds, "Age of the oldest stored record that cannot be found yet.",
            new Target("max by (stream) (ledger_index_lag_seconds)", Stream)).Colored(Threshold.Rising(30, 60)),
        Panel.TimeSeries("Records behind", Unit.Count, "Stored and not searchable.", new Target("max by (stream) (ledger_index_lag_records)", Stream)),
        Panel.TimeSeries("Failures", Unit.OperationsPerSecond, "Requests to OpenSearch that failed and are tried again.",
            new Target("sum by (stream) (rate(ledger_index_failures_total[$__rate_interval]))", Stream)),
        Panel.TimeSeries("Dead letters", Unit.Count, "Stored records that the index refuses.",
            new Target("max by (stream) (ledger_dead_letters)", Stream)).Colored(Threshold.BadFrom(1)),
    ]);

    private static Row Proof() => new("Proof",
    [
        Panel.TimeSeries("Not signed", Unit.Seconds, "Age of the oldest record that no checkpoint covers. Checkpoints are hourly.",
            new Target("max by (stream) (ledger_checkpoint_age_seconds)", Stream)).Colored(Threshold.Rising(3900, 7200)),
        Panel.TimeSeries("Failed signatures", Unit.Count, "In the last hour.",
            new Target("sum by (stream) (increase(ledger_checkpoint_failures_total[1h]))", Stream)).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Verified", Unit.Share, "Share of the records that the last verification covered.",
            new Target("max by (stream) (ledger_verified_records) / max by (stream) (ledger_stream_records)", Stream)),
    ]);

    private static Row Instances() => new("Replicas",
    [
        Panel.TimeSeries("Memory", Unit.Bytes, "By replica; the limit is 1 GiB.",
            new Target($"sum by (pod) (container_memory_working_set_bytes{{{Pods},container!=\"\",image!=\"\"}})", "{{pod}}")),
        Panel.TimeSeries("CPU", Unit.Cores, "By replica.",
            new Target($"sum by (pod) (rate(container_cpu_usage_seconds_total{{{Pods},container!=\"\",image!=\"\"}}[$__rate_interval]))", "{{pod}}")),
        Panel.TimeSeries("Version", Unit.Count, "Replicas of each version.", new Target("count by (version) (ledger_build_info)", "{{version}}")),
    ]);
}
