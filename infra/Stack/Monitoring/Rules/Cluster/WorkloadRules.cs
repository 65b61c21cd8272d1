namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Pods that cannot start, cannot be placed, or do not stay up.</summary>
internal static class WorkloadRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "workloads",
        Alerts =
        [
            new AlertRule
            {
                Name = "PodCannotBePlaced",
                Expression = "max by (namespace, pod) (kube_pod_status_unschedulable) > 0",
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Pod {{ $labels.namespace }}/{{ $labels.pod }} is unschedulable",
                Description = "Pod {{ $labels.pod }} in {{ $labels.namespace }} has been unschedulable for 15 minutes, longer than a new node needs to start: "
                    + "the zone of its volume is full or gone, its request fits no node, or the node group is at its maximum.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "WorkloadCannotCreatePods",
                Expression = """
                    max by (namespace, workload) (
                        label_replace(kube_deployment_status_condition{condition="ReplicaFailure",status="true"} == 1, "workload", "$1", "deployment", "(.+)")
                      or
                        label_replace(kube_statefulset_replicas - kube_statefulset_status_replicas > 0, "workload", "$1", "statefulset", "(.+)")
                    )
                    """,
                For = "10m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Pods of {{ $labels.namespace }}/{{ $labels.workload }} are refused",
                Description = "The API refuses to create pods of {{ $labels.workload }} in {{ $labels.namespace }}: "
                    + "a quota is full, a limit is missing, or an admission policy refuses them.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "ContainerRestartsOften",
                Expression = "sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total[1h])) > 4",
                For = "0m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} keeps restarting",
                Description = "{{ $value | humanize }} restarts within an hour. Slow crash loops do not trigger the chart's KubePodCrashLooping, "
                    + "which only sees containers that wait for a restart.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "ContainerOutOfMemory",
                Expression = """
                    sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total[15m])) > 0
                      and on (namespace, pod, container)
                    max by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{reason="OOMKilled"}) == 1
                    """,
                For = "0m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} ran out of memory",
                Description = "The kernel killed {{ $labels.container }} at its memory limit within the last 15 minutes.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
