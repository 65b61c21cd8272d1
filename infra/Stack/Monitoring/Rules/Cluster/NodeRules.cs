namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Nodes. File descriptors, disks, memory and network of a node have good rules in the chart (NodeFileDescriptorLimit and others).</summary>
internal static class NodeRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "nodes",
        Alerts =
        [
            new AlertRule
            {
                Name = "NodeNotReady",
                Expression = """
                    node:zone:labels unless on (node) (kube_node_status_condition{condition="Ready",status="true"} == 1)
                    """,
                For = "5m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Node {{ $labels.node }} in zone {{ $labels.zone }} is not ready",
                Description = "Node {{ $labels.node }} (zone {{ $labels.zone }}) has not been ready for 5 minutes: its pods are being moved, "
                    + "pods with a volume only after the volume has been detached.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "NodeUnderPressure",
                Expression = """
                    (kube_node_status_condition{condition=~"DiskPressure|MemoryPressure|PIDPressure",status="true"} == 1)
                      * on (node) group_left (zone) node:zone:labels
                    """,
                For = "5m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Node {{ $labels.node }} has {{ $labels.condition }}",
                Description = "Node {{ $labels.node }} (zone {{ $labels.zone }}) reports {{ $labels.condition }} and evicts pods until the condition ends.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "NodeClockOff",

                // The first term is chrony's own measurement, the second compares with Prometheus, for a node whose chrony does not run.
                Expression = """
                    max by (instance) (
                        abs(node_timex_offset_seconds) > 0.5
                      or
                        abs(node_time_seconds - timestamp(node_time_seconds)) > 5
                    )
                    """,
                For = "5m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Clock of node {{ $labels.instance }} is wrong",
                Description = "The clock of {{ $labels.instance }} is off by {{ $value | humanizeDuration }}. Above 60 s, the tokens between "
                    + "execution and consensus clients are rejected; TLS, AWS signatures and the order of finance records are affected earlier.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
