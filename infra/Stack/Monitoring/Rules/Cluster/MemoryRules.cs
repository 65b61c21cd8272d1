namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Memory leaks: alerts a day before the kernel kills the container.</summary>
internal static class MemoryRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "memory",
        Records =
        [
            new RecordingRule
            {
                Series = "container:memory_limit:ratio",
                Expression = """
                    max by (namespace, pod, container) (container_memory_working_set_bytes{container!="",container!="POD"})
                      / on (namespace, pod, container)
                    max by (namespace, pod, container) (kube_pod_container_resource_limits{resource="memory"})
                    """,
            },
        ],
        Alerts =
        [
            new AlertRule
            {
                Name = "MemoryLeak",

                // A container that warms up also grows; so it must be half full, and a tenth of its limit above six hours ago.
                Expression = """
                    predict_linear(container:memory_limit:ratio[6h], 86400) > 1
                      and container:memory_limit:ratio > 0.5
                      and container:memory_limit:ratio - container:memory_limit:ratio offset 6h > 0.1
                    """,
                For = "30m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Memory of {{ $labels.container }} in {{ $labels.namespace }}/{{ $labels.pod }} grows towards its limit",
                Description = "At the growth of the last 6 hours it reaches {{ $value | humanizePercentage }} of its limit within a day, "
                    + "and the kernel kills it at 100 %.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "MemoryNearLimit",
                Expression = "container:memory_limit:ratio > 0.9",
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is near its memory limit",
                Description = "It has used {{ $value | humanizePercentage }} of its memory limit for 15 minutes.",
                Dashboard = DashboardUid.Services,
            },
        ],
    };
}
