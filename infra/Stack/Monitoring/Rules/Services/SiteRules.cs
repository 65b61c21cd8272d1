namespace HaCluster.Stack.Monitoring.Rules.Services;

/// <summary>Sites as a visitor sees them: the blackbox exporter probes each through its public name.</summary>
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
                Description = "{{ $labels.instance }} has not answered for 2 minutes, or not with the expected status: visitors see an error.",
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
                Description = "{{ $labels.instance }} takes {{ $value | humanizeDuration }} to answer, including DNS lookup and TLS.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "SiteCertificateExpires",
                Expression = "min by (instance) (probe_ssl_earliest_cert_expiry) - time() < 1209600",
                For = "1h",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "The certificate of {{ $labels.instance }} expires soon",
                Description = "It expires in {{ $value | humanizeDuration }}. This is the certificate that visitors get: "
                    + "if cert-manager renewed it but the gateway did not load it, only this alert fires.",
                Dashboard = DashboardUid.Services,
            },
        ],
    };
}
