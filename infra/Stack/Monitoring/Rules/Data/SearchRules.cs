namespace HaCluster.Stack.Monitoring.Rules.Data;

/// <summary>
/// The OpenSearch domain, by the alarms AWS recommends
/// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html); the number of nodes is compared with what it
/// was, so that it needs no setting.
/// </summary>
internal static class SearchRules
{
    private static readonly AlertFactory Alert = AlertRule.Of(AlertTeam.Data, DashboardUid.Logs);

    public static RuleGroup Group { get; } = new()
    {
        Name = "opensearch",
        Alerts =
        [
            Alert(
                "OpenSearchRed",
                "max by (dimension_DomainName) (aws_es_cluster_status_red_maximum) >= 1",
                "1m",
                AlertSeverity.Critical,
                "OpenSearch domain {{ $labels.dimension_DomainName }} is red",
                "A primary shard and all its copies are missing: part of the logs can be neither read nor written, and snapshots have stopped."),
            Alert(
                "OpenSearchYellow",
                "max by (dimension_DomainName) (aws_es_cluster_status_yellow_maximum) >= 1",
                "15m",
                AlertSeverity.Warning,
                "OpenSearch domain {{ $labels.dimension_DomainName }} is yellow",
                "A replica shard is not assigned to a node. No data is lost, but one copy is missing."),
            Alert(
                "OpenSearchWritesBlocked",
                "max by (dimension_DomainName) (aws_es_cluster_index_writes_blocked_maximum) >= 1",
                "5m",
                AlertSeverity.Critical,
                "OpenSearch domain {{ $labels.dimension_DomainName }} refuses writes",
                "Its disks are full or memory is short. Records wait on the nodes' disks as long as those have space."),
            Alert(
                "OpenSearchStorageLow",
                "min by (dimension_DomainName) (aws_es_free_storage_space_minimum) <= 20480",
                "5m",
                AlertSeverity.Warning,
                "A node of OpenSearch domain {{ $labels.dimension_DomainName }} has little storage left",
                "{{ $value | humanize }} MiB are left on the fullest node; writes are blocked when it is full."),
            Alert(
                "OpenSearchNodeMissing",

                // The median of a day ignores the second set of nodes that exists for an hour during a change of the domain.
                """
                min by (dimension_DomainName) (aws_es_nodes_minimum)
                  < min by (dimension_DomainName) (quantile_over_time(0.5, aws_es_nodes_minimum[1d]))
                """,
                "10m",
                AlertSeverity.Warning,
                "OpenSearch domain {{ $labels.dimension_DomainName }} has lost a node",
                "{{ $value | humanize }} nodes are left, fewer than the day before. Three dedicated masters can lose one."),
            Alert(
                "OpenSearchMasterUnreachable",
                "max by (dimension_DomainName) (aws_es_master_reachable_from_node_minimum) < 1",
                "5m",
                AlertSeverity.Critical,
                "OpenSearch domain {{ $labels.dimension_DomainName }} has no master",
                "The master has stopped or cannot be reached: the domain can neither assign shards nor create indices."),
            Alert(
                "OpenSearchSnapshotFails",
                "max by (dimension_DomainName) (aws_es_automated_snapshot_failure_maximum) >= 1",
                "0m",
                AlertSeverity.Critical,
                "No automatic snapshot of OpenSearch domain {{ $labels.dimension_DomainName }}",
                "The last automatic snapshot failed, most often because the domain is red."),
            Alert(
                "OpenSearchCpuHigh",
                "max by (dimension_DomainName) (aws_es_cpuutilization_maximum) >= 80",
                "45m",
                AlertSeverity.Warning,
                "CPU of OpenSearch domain {{ $labels.dimension_DomainName }} is high",
                "{{ $value | humanize }} % for 45 minutes."),
            Alert(
                "OpenSearchMemoryPressure",
                """
                max by (dimension_DomainName) (aws_es_jvmmemory_pressure_maximum >= 95 or aws_es_old_gen_jvmmemory_pressure_maximum >= 80)
                """,
                "5m",
                AlertSeverity.Critical,
                "OpenSearch domain {{ $labels.dimension_DomainName }} runs out of heap",
                "{{ $value | humanize }} % of the Java heap is used. Nodes will refuse requests, then fail."),
            Alert(
                "OpenSearchKeyUnavailable",
                "max by (dimension_DomainName) (aws_es_kmskey_error_maximum >= 1 or aws_es_kmskey_inaccessible_maximum >= 1)",
                "0m",
                AlertSeverity.Critical,
                "OpenSearch domain {{ $labels.dimension_DomainName }} cannot use its key",
                "The KMS key is disabled or its grants are gone. If the key is deleted permanently, the domain is lost and only manual snapshots remain."),
        ],
    };
}
