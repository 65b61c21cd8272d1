namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class BackupCases
{
    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "BackupOld",
            Interval = "5m",
            At = "40h",
            Firing =
            [
                ("""velero_backup_last_successful_timestamp{schedule="daily"}""", "3600x600"),
                ("""velero_backup_last_successful_timestamp{schedule=""}""", "140000x600"),
            ],
            Labels = "schedule=daily",
            Value = "1d 15h 0m 0s",
            Silent = [("""velero_backup_last_successful_timestamp{schedule="daily"}""", "90000x600")],
        },
        new()
        {
            Alert = "BackupFailed",
            At = "30m",
            Firing =
            [
                ("""velero_backup_failure_total{schedule="daily"}""", "0x60"),
                ("""velero_backup_partial_failure_total{schedule="daily"}""", "0x5 1x60"),
                ("""velero_backup_validation_failure_total{schedule="daily"}""", "0x60"),
            ],
            Labels = "schedule=daily",
            Silent =
            [
                ("""velero_backup_failure_total{schedule="daily"}""", "3x60"),
                ("""velero_backup_partial_failure_total{schedule="daily"}""", "1x60"),
                ("""velero_backup_validation_failure_total{schedule="daily"}""", "0x60"),
            ],
        },
    ];
}
