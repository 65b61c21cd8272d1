namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class AlertingCases
{
    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "SlackUnreachable",
            At = "20m",
            Firing = [("""alertmanager_notifications_failed_total{pod="alertmanager-0",integration="slack"}""", "0+6x60")],
            Labels = "integration=slack",
            Value = "100m",

            // One attempt is refused, the next goes through.
            Silent = [("""alertmanager_notifications_failed_total{pod="alertmanager-0",integration="slack"}""", "0x12 1x60")],
        },
        new()
        {
            Alert = "SecondChannelUnreachable",
            At = "40m",
            Firing = [("""alertmanager_notifications_failed_total{pod="alertmanager-0",integration="sns"}""", "0+6x60")],
            Labels = "integration=sns",
            Silent = [("""alertmanager_notifications_failed_total{pod="alertmanager-0",integration="slack"}""", "0+6x60")],
        },
        new()
        {
            Alert = "KubeStateMetricsMissing",
            At = "20m",
            Firing = [("""kube_node_info{node="n1"}""", "1x5 stale")],
            Silent = [("""kube_node_info{node="n1"}""", "1x5 stale _x3 1x60")],
        },
        new()
        {
            Alert = "MetricsSourceMissing",
            At = "60m",

            // The exporter is there, and what it asked CloudWatch for is not.
            Firing = [.. Sources().Where(source => source.Series != "fluentbit_input_records_total").Append(("fluentbit_input_records_total", "5x9 stale"))],
            Labels = "source=Fluent Bit",
            Silent = [.. Sources()],
        },
    ];

    private static IEnumerable<(string Series, string Values)> Sources() => ((string[])
    [
        "node_time_seconds",
        "container_memory_working_set_bytes",
        "kubelet_volume_stats_capacity_bytes",
        "ephemeral_storage_node_capacity",
        "certmanager_certificate_expiration_timestamp_seconds",
        "aws_natgateway_bytes_out_to_destination_sum",
        "aws_rds_cpuutilization_average",
        "aws_es_nodes_minimum",
        "fluentbit_input_records_total",
        "ledger_build_info",
        "payments_build_info",
        "sentinel_build_info",
        """haproxy_server_status{namespace="chains"}""",
        "velero_backup_last_successful_timestamp",
    ]).Select(series => (series, "1x90"));
}
