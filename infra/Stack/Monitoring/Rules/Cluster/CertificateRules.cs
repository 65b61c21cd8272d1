namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>
/// Certificates that cert-manager keeps. Its monitor may rename the certificate's namespace to <c>exported_namespace</c> (honorLabels is off in
/// its chart): the rules read both.
/// </summary>
internal static class CertificateRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "certificates",
        Records =
        [
            new RecordingRule
            {
                Series = "certificate:expiry_seconds:left",
                Expression = """
                    min by (namespace, name) (
                        label_replace(certmanager_certificate_expiration_timestamp_seconds > 0, "namespace", "$1", "exported_namespace", "(.+)")
                    ) - time()
                    """,
            },
        ],
        Alerts =
        [
            new AlertRule
            {
                Name = "CertificateExpiresInAWeek",
                Expression = "certificate:expiry_seconds:left < 604800 and certificate:expiry_seconds:left >= 86400",
                For = "1h",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Certificate {{ $labels.namespace }}/{{ $labels.name }} expires within a week",
                Description = "It expires in {{ $value | humanizeDuration }}. cert-manager renews at two thirds of the lifetime, so renewal has been failing.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "CertificateExpiresInADay",
                Expression = "certificate:expiry_seconds:left < 86400",
                For = "0m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Certificate {{ $labels.namespace }}/{{ $labels.name }} expires within a day",
                Description = "It expires in {{ $value | humanizeDuration }}; from then on clients refuse the service.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "CertificateNotReady",
                Expression = """
                    max by (namespace, name) (
                        label_replace(certmanager_certificate_ready_status{condition="False"} == 1, "namespace", "$1", "exported_namespace", "(.+)")
                    )
                    """,
                For = "20m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Certificate {{ $labels.namespace }}/{{ $labels.name }} cannot be issued",
                Description = "cert-manager has not been able to issue it for 20 minutes; pods that mount its secret do not start.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
