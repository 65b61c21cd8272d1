using System.Globalization;

namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Zones: lost, half lost, too small, and whether one can be lost at all.</summary>
internal static class ZoneRules
{
    // kube-state-metrics exposes a label of nodes only if configured: metricLabelsAllowlist nodes=[topology.kubernetes.io/zone].
    private const string NodeZone = """
        max by (node, zone) (
            label_replace(kube_node_labels{label_topology_kubernetes_io_zone!=""}, "zone", "$1", "label_topology_kubernetes_io_zone", "(.+)")
        )
        """;

    // Without kube-state-metrics every zone looks lost. Its absence is an alert of its own.
    private const string NodesAreSeen = "on () (count(kube_node_info) > 0)";

    public static RuleGroup For(int zones) => new()
    {
        Name = "zones",
        Records =
        [
            new RecordingRule { Series = "node:zone:labels", Expression = NodeZone },
            new RecordingRule { Series = "zone:nodes:count", Expression = "count by (zone) (node:zone:labels)" },
            new RecordingRule
            {
                Series = "zone:nodes_ready:count",
                Expression = """
                    sum by (zone) (
                        node:zone:labels * on (node) group_left () max by (node) (kube_node_status_condition{condition="Ready",status="true"})
                    )
                    """,
            },
            new RecordingRule
            {
                Series = "zone:allocatable:sum",
                Expression = """
                    sum by (zone, resource) (
                        kube_node_status_allocatable{resource=~"cpu|memory"} * on (node) group_left (zone) node:zone:labels
                    )
                    """,
            },
        ],
        Alerts =
        [
            new AlertRule
            {
                Name = "ZoneLost",

                // A zone's series end with its last node object, so what was there during the last day is the measure.
                Expression = $$"""
                    (max_over_time(zone:nodes_ready:count[1d]) > 0)
                      unless on (zone) (zone:nodes_ready:count > 0)
                      and {{NodesAreSeen}}
                    """,
                For = "2m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Zone {{ $labels.zone }} has lost all its nodes",
                Description = "Zone {{ $labels.zone }} had up to {{ $value }} ready nodes during the last day and has none now. "
                    + "Pods without volumes move to the other zones; volumes of this zone stay where they are.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "ClusterInFewerZones",
                Expression = $"""
                    (count(zone:nodes_ready:count > 0) or on () vector(0)) < {zones.ToString(CultureInfo.InvariantCulture)}
                      and {NodesAreSeen}
                    """,
                For = "10m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = $"Nodes are ready in {{{{ $value }}}} of {zones} zones",
                Description = $"The cluster is declared in {zones} zones and runs in {{{{ $value }}}}. Less capacity is left for the next loss.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "ZoneDegraded",
                Expression = "(zone:nodes_ready:count / zone:nodes:count < 0.5) and on (zone) (zone:nodes_ready:count > 0)",
                For = "5m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Most nodes of zone {{ $labels.zone }} are not ready",
                Description = "Only {{ $value | humanizePercentage }} of the nodes of zone {{ $labels.zone }} are ready. "
                    + "A partly failed zone often fails completely: shift traffic away early.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "ZoneCapacityUneven",
                Expression = """
                    zone:allocatable:sum{resource="cpu"} < 0.5 * scalar(max(zone:allocatable:sum{resource="cpu"}))
                    """,
                For = "30m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Zone {{ $labels.zone }} has less than half the capacity of the largest",
                Description = "Zone {{ $labels.zone }} offers {{ $value | humanize }} cores, less than half of what the largest zone offers. "
                    + "Pods that must spread over zones stay pending or concentrate in the other zones.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "ZoneLossNotAffordable",
                Expression = """
                    sum by (resource) (
                        kube_pod_container_resource_requests{resource=~"cpu|memory"}
                      * on (namespace, pod) group_left ()
                        max by (namespace, pod) (kube_pod_status_phase{phase="Running"})
                    )
                      > on (resource)
                    (sum by (resource) (zone:allocatable:sum) - max by (resource) (zone:allocatable:sum))
                    """,
                For = "1h",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Too little {{ $labels.resource }} to survive the loss of the largest zone",
                Description = "Running pods request {{ $value | humanize }} of {{ $labels.resource }}, more than all zones except the largest offer. "
                    + "After a zone loss some pods would wait for new nodes, which are scarce at that moment.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "WorkloadInOneZone",
                Expression = """
                    count by (namespace, workload) (
                        count by (namespace, workload, zone) (
                            pod:workload:labels{kind=~"Deployment|StatefulSet"} * on (node) group_left (zone) node:zone:labels
                        )
                    ) == 1
                      and on (namespace, workload)
                    count by (namespace, workload) (pod:workload:labels{kind=~"Deployment|StatefulSet"}) >= 2
                    """,
                For = "30m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "All replicas of {{ $labels.namespace }}/{{ $labels.workload }} are in one zone",
                Description = "{{ $labels.workload }} in {{ $labels.namespace }} has several replicas and all of them run in the same zone: "
                    + "the loss of that zone stops it.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
