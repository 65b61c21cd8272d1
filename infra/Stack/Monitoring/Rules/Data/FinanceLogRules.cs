namespace HaCluster.Stack.Monitoring.Rules.Data;

/// <summary>
/// The finance log (infra/Services/Ledger): whether it acknowledges, whether what it stored can be found, and whether it can still be proved. A record that is
/// refused or missing is one that no producer was told is stored, so producers have it still; what is critical cannot wait for them.
/// </summary>
internal static class FinanceLogRules
{
    private static readonly AlertFactory Alert = AlertRule.Of(AlertTeam.Data, DashboardUid.Finance);

    private const string Deployment = """namespace="logging",deployment="finance-log" """;

    public static RuleGroup Group { get; } = new()
    {
        Name = "finance-log",
        Alerts =
        [
            Alert(
                "FinanceLogDown",
                $"max by (namespace, deployment) (kube_deployment_status_replicas_available{{{Deployment}}}) == 0",
                "2m",
                AlertSeverity.Critical,
                "The finance log acknowledges no records",
                "No replica of {{ $labels.deployment }} has been ready for 2 minutes. Producers keep their records and send them again."),
            Alert(
                "FinanceLogReplicasFew",
                $"max by (namespace, deployment) (kube_deployment_status_replicas_available{{{Deployment}}}) == 1",
                "10m",
                AlertSeverity.Warning,
                "Only one replica of the finance log is ready",
                "The next failure stops the acknowledgement of records."),
            // Of all replicas: one that alone cannot reach the archive is not ready, and producers reach the others. Without a stream it is about the start, at which no
            // stream is known yet.
            Alert(
                "FinanceLogArchiveAway",
                "min by (namespace, stream) (ledger_archive_away) == 1",
                "5m",
                AlertSeverity.Critical,
                "The archive of the finance log takes no records",
                "S3 has refused or not answered every replica for 5 minutes (stream '{{ $labels.stream }}'; none: at the start): nothing is acknowledged, producers get 503 and keep their records."),
            Alert(
                "FinanceLogStreamBroken",
                "max by (namespace, stream) (ledger_stream_broken) == 1",
                "0m",
                AlertSeverity.Critical,
                "Stream {{ $labels.stream }} of the finance log is broken",
                "Its archive is inconsistent, so nothing more is written to it: an object was changed, removed or added by something else."),
            Alert(
                "FinanceLogConflicts",
                EventCounter.Recent("ledger_records_conflicting_total", "stream"),
                "0m",
                AlertSeverity.Warning,
                "Records contradict stored ones in {{ $labels.stream }}",
                "{{ $value | humanize }} records of the last 30 minutes had the id or number of another record and were refused: a producer restarted its numbering, or two use one name."),
            Alert(
                "FinanceLogRejects",
                EventCounter.Recent("ledger_records_rejected_total", "reason"),
                "0m",
                AlertSeverity.Warning,
                "The finance log rejects records: {{ $labels.reason }}",
                "{{ $value | humanize }} records of the last 30 minutes were not stored and will not be, however often they are sent."),
            Alert(
                "FinanceLogGaps",
                EventCounter.Recent("ledger_sequence_gap_records_total", "stream, producer"),
                "0m",
                AlertSeverity.Critical,
                "Records of {{ $labels.producer }} are missing in {{ $labels.stream }}",
                "The producer left out {{ $value | humanize }} numbers in the last 30 minutes: these records were lost before they reached the finance log, or come later."),
            Alert(
                "FinanceLogIndexLags",
                "max by (namespace, stream) (ledger_index_lag_seconds) > 60",
                "5m",
                AlertSeverity.Warning,
                "Records of {{ $labels.stream }} cannot be found yet",
                "The oldest record that is stored and not searchable is {{ $value | humanizeDuration }} old. None is lost: the archive has them."),
            Alert(
                "FinanceLogDeadLetters",
                "max by (namespace, stream) (ledger_dead_letters) > 0",
                "5m",
                AlertSeverity.Warning,
                "The index refuses records of {{ $labels.stream }}",
                "{{ $value | humanize }} stored records cannot be searched for, because OpenSearch refused them; the archive has them."),
            // Checkpoints are hourly. Twice that, and a failure is no longer a passing one.
            Alert(
                "FinanceLogCheckpointLate",
                "max by (namespace, stream) (ledger_checkpoint_age_seconds) > 7200",
                "10m",
                AlertSeverity.Warning,
                "Records of {{ $labels.stream }} are not signed",
                "The oldest record that no signed checkpoint covers is {{ $value | humanizeDuration }} old: whoever can write to the archive could still change it unnoticed."),
            Alert(
                "FinanceLogVerificationFailed",
                "max by (namespace, stream) (ledger_verify_failed) == 1",
                "0m",
                AlertSeverity.Critical,
                "The archive of {{ $labels.stream }} was changed",
                "The verification of the archive found a record that was edited, removed, reordered or back-dated, or a checkpoint with a wrong signature."),
            Alert(
                "FinanceLogVerificationLate",
                """
                time() - max by (namespace, stream) (ledger_verified_timestamp_seconds) > 172800
                  or 0 * max by (namespace, stream) (ledger_stream_records offset 2d) + 172800 unless on (namespace, stream) ledger_verified_timestamp_seconds
                """,
                "1h",
                AlertSeverity.Warning,
                "The archive of {{ $labels.stream }} has not been verified for two days",
                "The last complete verification was {{ $value | humanizeDuration }} ago; it is due every day."),
            // Renewed a month before its end, and read again within ten seconds: so the files do not reach the pod, or cannot be used.
            Alert(
                "FinanceLogCertificateExpiresInAWeek",
                """
                86400 * min by (namespace, pod) (ledger_certificate_days_until_end) < 604800
                  and on (namespace, pod) ledger_certificate_days_until_end >= 1
                """,
                "1h",
                AlertSeverity.Warning,
                "{{ $labels.pod }} serves a certificate that expires within a week",
                "It expires in {{ $value | humanizeDuration }}. It was renewed a month before its end, or should have been, and the finance log does not use the new one."),
            Alert(
                "FinanceLogCertificateExpiresInADay",
                "86400 * min by (namespace, pod) (ledger_certificate_days_until_end) < 86400",
                "0m",
                AlertSeverity.Critical,
                "{{ $labels.pod }} serves a certificate that expires within a day",
                "It expires in {{ $value | humanizeDuration }}; from then on producers refuse the finance log, keep their records, and nothing is acknowledged."),
        ],
    };
}
