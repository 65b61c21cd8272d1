using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>Alerting itself: messages that do not arrive, and exporters whose silence would pass for health.</summary>
internal static class AlertDeliveryRules
{
    public static RuleGroup For(StackSettings settings) => new()
    {
        Name = "alerting",
        Alerts =
        [
            new AlertRule
            {
                Name = "SlackUnreachable",
                Expression = """
                    sum by (integration) (rate(alertmanager_notifications_failed_total{integration="slack"}[5m])) > 0
                    """,
                For = "5m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Alerts do not reach Slack",
                Description = "{{ $value | humanize }} messages per second have failed for 5 minutes. This message was sent through the second channel.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "SecondChannelUnreachable",
                Expression = """
                    sum by (integration) (rate(alertmanager_notifications_failed_total{integration!="slack"}[15m])) > 0
                    """,
                For = "15m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Alerts do not reach {{ $labels.integration }}",
                Description = "Messages through {{ $labels.integration }} have failed for 15 minutes. If Slack fails too, or if this is the dead man's switch, "
                    + "no alert reaches anyone.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "KubeStateMetricsMissing",
                Expression = "absent(kube_node_info)",
                For = "5m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "kube-state-metrics is down",
                Description = "Alerts on nodes, zones, quotas and pods cannot fire.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "MetricsSourceMissing",
                Expression = string.Join("\n  or\n", Sources(settings).Select(Missing)),
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "No metrics from {{ $labels.source }}",
                Description = "{{ $labels.source }} has sent no metrics for 15 minutes: alerts based on them cannot fire.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };

    private static string Missing((string Name, string Series) source) =>
        $"""
        label_replace(absent({source.Series}), "source", "{source.Name}", "", "")
        """;

    // Numbers of CloudWatch are compared with zero: a metric that stopped stays as NaN.
    private static IEnumerable<(string Name, string Series)> Sources(StackSettings settings)
    {
        yield return ("node-exporter", "node_time_seconds");
        yield return ("kubelet", "container_memory_working_set_bytes");
        yield return ("kubelet volumes", "kubelet_volume_stats_capacity_bytes");
        yield return ("ephemeral storage exporter", "ephemeral_storage_node_capacity");
        yield return ("cert-manager", "certmanager_certificate_expiration_timestamp_seconds");
        yield return ("CloudWatch NAT gateways", "aws_natgateway_bytes_out_to_destination_sum >= 0");
        if (settings.Edge.IsEnabled && !settings.Sites.All.IsEmpty)
            yield return ("blackbox exporter", "probe_success");
        if (settings.Databases.IsEnabled)
            yield return ("CloudWatch RDS", "aws_rds_cpuutilization_average >= 0");
        if (settings.Logging.IsEnabled)
        {
            yield return ("CloudWatch OpenSearch", "aws_es_nodes_minimum >= 0");
            yield return ("Fluent Bit", "fluentbit_input_records_total");
            if (settings.RunsFinanceLog)
                yield return ("finance log", "ledger_build_info");
        }

        if (settings.Payments.IsEnabled)
            yield return ("payments", "payments_build_info");
        if (settings.Chains.IsEnabled)
        {
            yield return ("chain sentinels", "sentinel_build_info");
            yield return ("chain fronts", """haproxy_server_status{namespace="chains"}""");
        }

        if (settings.Backups.IsEnabled)
            yield return ("Velero", "velero_backup_last_successful_timestamp");
    }
}
