namespace HaCluster.Stack.Monitoring.Rules.Data;

/// <summary>
/// Fluent Bit: records lost, late, or not read (https://docs.fluentbit.io/manual/administration/monitoring). Finance records must not be lost
/// silently, so every loss it can count is critical.
/// </summary>
internal static class LogShippingRules
{
    private static readonly AlertFactory Alert = AlertRule.Of(AlertTeam.Data, DashboardUid.Logs);

    public static RuleGroup Group { get; } = new()
    {
        Name = "log-shipping",
        Alerts =
        [
            Alert(
                "LogRecordsDropped",
                "sum by (namespace, pod, name) (increase(fluentbit_output_dropped_records_total[15m])) > 0",
                "0m",
                AlertSeverity.Critical,
                "{{ $labels.pod }} drops log records",
                "Output {{ $labels.name }} dropped {{ $value | humanize }} records in 15 minutes. Rejected chunks are kept on the node's disk until removed."),
            Alert(
                "LogRetriesExhausted",
                "sum by (namespace, pod, name) (increase(fluentbit_output_retries_failed_total[15m])) > 0",
                "0m",
                AlertSeverity.Critical,
                "{{ $labels.pod }} gave up sending log records",
                "Output {{ $labels.name }} gave up {{ $value | humanize }} chunks in 15 minutes, although retries are unlimited: OpenSearch rejected them permanently."),
            Alert(
                "LogOutputFails",
                "sum by (namespace, pod, name) (rate(fluentbit_output_errors_total[10m])) > 0",
                "15m",
                AlertSeverity.Warning,
                "{{ $labels.pod }} cannot deliver log records",
                "Output {{ $labels.name }} has had errors for 15 minutes; records wait on the node's disk."),
            Alert(
                "LogBacklogLarge",
                "max by (namespace, pod) (fluentbit_storage_fs_chunks) > 500",
                "15m",
                AlertSeverity.Warning,
                "Log records pile up on the node of {{ $labels.pod }}",
                "{{ $value | humanize }} chunks of up to 2 MB wait. When the disk limit is reached, the oldest are dropped."),
            Alert(
                "LogInputPaused",
                "max by (namespace, pod, name) (fluentbit_input_ingestion_paused) == 1",
                "5m",
                AlertSeverity.Critical,
                "{{ $labels.pod }} has stopped reading {{ $labels.name }}",
                "Its buffers are full. Log files that are rotated away before it continues are lost."),
            Alert(
                "LogSourceSilent",
                "sum by (namespace, pod) (rate(fluentbit_input_records_total[15m])) == 0",
                "30m",
                AlertSeverity.Warning,
                "{{ $labels.pod }} reads no log records at all",
                "It has read nothing for half an hour, although every node has pods that log: the files moved, or the reader hangs."),
        ],
    };
}
