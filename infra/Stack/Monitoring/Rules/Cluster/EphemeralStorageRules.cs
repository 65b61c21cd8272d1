namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>
/// Local disk of pods: writable layers, logs, emptyDir volumes. The kubelet evicts a pod that exceeds its limit and exposes no metric before, so
/// these come from k8s-ephemeral-storage-metrics (names: chart/README.md of https://github.com/jmcgrath207/k8s-ephemeral-storage-metrics).
/// </summary>
internal static class EphemeralStorageRules
{
    // "source" is "node" where a container has no limit of its own, and the percentage is of the whole disk.
    private const string Used = """ephemeral_storage_container_limit_percentage{source="container"}""";

    public static RuleGroup Group { get; } = new()
    {
        Name = "ephemeral-storage",
        Records =
        [
            new RecordingRule
            {
                Series = "container:ephemeral_storage_limit:percent",
                Expression = $"""
                    max by (namespace, pod, container) (
                        label_replace(label_replace({Used}, "namespace", "$1", "pod_namespace", "(.+)"), "pod", "$1", "pod_name", "(.+)")
                    )
                    """,
            },
        ],
        Alerts =
        [
            new AlertRule
            {
                Name = "EphemeralStorageNearLimit",
                Expression = "container:ephemeral_storage_limit:percent > 80",
                For = "5m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Pod {{ $labels.namespace }}/{{ $labels.pod }} is near its ephemeral-storage limit",
                Description = "Container {{ $labels.container }} uses {{ $value | humanize }} % of its ephemeral storage; "
                    + "at 100 % the kubelet evicts the pod and its local data is lost.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "EphemeralStorageFillsSoon",
                Expression = """
                    predict_linear(container:ephemeral_storage_limit:percent[1h], 14400) > 100
                      and container:ephemeral_storage_limit:percent > 40
                    """,
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Pod {{ $labels.namespace }}/{{ $labels.pod }} will exceed its ephemeral-storage limit within 4 hours",
                Description = "At the growth of the last hour, container {{ $labels.container }} reaches {{ $value | humanize }} % of its limit in 4 hours.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "NodeEphemeralStorageLow",
                Expression = "max by (node_name) (ephemeral_storage_node_available / (ephemeral_storage_node_capacity > 0)) < 0.2",
                For = "10m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Node {{ $labels.node_name }} has little ephemeral storage left",
                Description = "{{ $value | humanizePercentage }} of the local disk of {{ $labels.node_name }} is free. "
                    + "The kubelet starts to evict pods at 10 %, first those above their request.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
