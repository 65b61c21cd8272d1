namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Ingress: targets of the load balancers, in total and by zone.</summary>
internal static class LoadBalancerRules
{
    private const string Healthy = "(aws_networkelb_healthy_host_count_minimum or aws_applicationelb_healthy_host_count_minimum)";

    private const string Unhealthy = "(aws_networkelb_un_healthy_host_count_maximum or aws_applicationelb_un_healthy_host_count_maximum)";

    private const string HealthyOfZone = """
        (aws_networkelb_healthy_host_count_minimum{dimension_AvailabilityZone!=""} or aws_applicationelb_healthy_host_count_minimum{dimension_AvailabilityZone!=""})
        """;

    public static RuleGroup Group { get; } = new()
    {
        Name = "load-balancers",
        Alerts =
        [
            new AlertRule
            {
                Name = "LoadBalancerWithoutTargets",
                Expression = $"max by (dimension_TargetGroup) {Healthy} == 0",
                For = "2m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "No target of {{ $labels.dimension_TargetGroup }} is healthy",
                Description = "The load balancer cannot forward requests for {{ $labels.dimension_TargetGroup }}.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "LoadBalancerZoneWithoutTargets",
                Expression = $"max by (dimension_TargetGroup, dimension_AvailabilityZone) {HealthyOfZone.Trim()} == 0",
                For = "10m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "{{ $labels.dimension_TargetGroup }} has no healthy target in {{ $labels.dimension_AvailabilityZone }}",
                Description = "{{ $labels.dimension_TargetGroup }} has no healthy target in zone {{ $labels.dimension_AvailabilityZone }}; "
                    + "clients that use the address of that zone are served from the other zones.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "LoadBalancerTargetsUnhealthy",
                Expression = $"max by (dimension_TargetGroup) {Unhealthy} > 0",
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "{{ $labels.dimension_TargetGroup }} has unhealthy targets",
                Description = "{{ $value | humanize }} targets have failed their health checks for 15 minutes, longer than a rolling update takes.",
                Dashboard = DashboardUid.Services,
            },
        ],
    };
}
