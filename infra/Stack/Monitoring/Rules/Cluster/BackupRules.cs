namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Backups of cluster objects and volumes, as Velero counts them (https://github.com/vmware-tanzu/velero/blob/main/pkg/metrics/metrics.go).</summary>
internal static class BackupRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "backups",
        Alerts =
        [
            new AlertRule
            {
                Name = "BackupOld",
                Expression = """
                    time() - max by (schedule) (velero_backup_last_successful_timestamp{schedule!=""} > 0) > 129600
                    """,
                For = "0m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Backup {{ $labels.schedule }} has not succeeded for a day and a half",
                Description = "The last successful backup of {{ $labels.schedule }} is {{ $value | humanizeDuration }} old; later changes cannot be restored.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "BackupFailed",
                // Not velero_backup_last_status: Velero resets that to "good" once per minute. The counters exist from the start.
                Expression = """
                    sum by (schedule) (increase(velero_backup_failure_total{schedule!=""}[6h]))
                    + sum by (schedule) (increase(velero_backup_partial_failure_total{schedule!=""}[6h]))
                    + sum by (schedule) (increase(velero_backup_validation_failure_total{schedule!=""}[6h])) > 0
                    """,
                For = "0m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "The last backup of {{ $labels.schedule }} failed",
                Description = "Backup {{ $labels.schedule }} failed completely or in part; an older one still exists.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
