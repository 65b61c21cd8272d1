namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class SearchCases
{
    public static RuleCase[] All { get; } =
    [
        Domain("OpenSearchRed", "aws_es_cluster_status_red_maximum", "0x5 1x80", null, "0x80"),
        Domain("OpenSearchYellow", "aws_es_cluster_status_yellow_maximum", "1x80", null, "0x55 1x5 0x80"),
        Domain("OpenSearchWritesBlocked", "aws_es_cluster_index_writes_blocked_maximum", "1x80", null, "0x80"),
        Domain("OpenSearchStorageLow", "aws_es_free_storage_space_minimum", "10240x80", "10.24k", "40960x80"),
        new()
        {
            Alert = "OpenSearchNodeMissing",
            Interval = "5m",
            At = "30h",
            Firing = [Nodes("6x340 5x60")],
            Labels = "dimension_DomainName=ha-logs",
            Value = "5",

            // A change of the domain doubles the nodes for a while; afterwards they are as many as before.
            Silent = [Nodes("6x300 12x20 6x60")],
        },
        Domain("OpenSearchMasterUnreachable", "aws_es_master_reachable_from_node_minimum", "0x80", null, "1x80"),
        Domain("OpenSearchSnapshotFails", "aws_es_automated_snapshot_failure_maximum", "1x80", null, "0x80"),
        Domain("OpenSearchCpuHigh", "aws_es_cpuutilization_maximum", "90x80", "90", "90x20 50x80"),
        Domain("OpenSearchMemoryPressure", "aws_es_jvmmemory_pressure_maximum", "97x80", "97", "85x80"),
        Domain("OpenSearchKeyUnavailable", "aws_es_kmskey_inaccessible_maximum", "1x80", null, "0x5 NaNx80"),
    ];

    private static RuleCase Domain(string alert, string metric, string firing, string? value, string silent) => new()
    {
        Alert = alert,
        At = "1h",
        Firing = [($$"""{{metric}}{dimension_DomainName="ha-logs",dimension_ClientId="1"}""", firing)],
        Labels = "dimension_DomainName=ha-logs",
        Value = value,
        Silent = [($$"""{{metric}}{dimension_DomainName="ha-logs",dimension_ClientId="1"}""", silent)],
    };

    private static (string Series, string Values) Nodes(string values) =>
        ("""aws_es_nodes_minimum{dimension_DomainName="ha-logs",dimension_ClientId="1"}""", values);
}
