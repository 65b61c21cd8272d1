namespace HaCluster.Stack.Monitoring.Rules.Services;

/// <summary>Sites as a visitor sees them: the blackbox exporter asks each by its public name.</summary>
internal static class SiteRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "sites",
        Alerts =
        [
            new AlertRule
            {
                Name = "SiteDown",
                Expression = "max by (instance) (probe_success) == 0",
                For = "2m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "{{ $labels.instance }} does not answer",
                Description = "For 2 minutes {{ $labels.instance }} has not answered, or not with the status that is expected: visitors see an error.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "SiteSlow",
                Expression = "avg by (instance) (avg_over_time(probe_duration_seconds[5m])) > 2",
                For = "10m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "{{ $labels.instance }} answers slowly",
                Description = "{{ $labels.instance }} takes {{ $value | humanizeDuration }} to answer, name lookup and TLS included.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "SiteCertificateExpires",
                Expression = "min by (instance) (probe_ssl_earliest_cert_expiry) - time() < 1209600",
                For = "1h",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "The certificate that {{ $labels.instance }} shows expires soon",
                Description = "It expires in {{ $value | humanizeDuration }}. This is what visitors get, whatever cert-manager says: "
                    + "a renewed secret that the gateway did not load shows up only here.",
                Dashboard = DashboardUid.Services,
            },
        ],
    };
}
