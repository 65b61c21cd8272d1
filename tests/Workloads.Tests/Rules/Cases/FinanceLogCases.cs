namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class FinanceLogCases
{
    private const string OfStream = "namespace=logging,stream=payments";
    private const string Available = """kube_deployment_status_replicas_available{namespace="logging",deployment="finance-log"}""";

    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "FinanceLogDown",
            At = "10m",
            Firing = [(Available, "3x3 0x30")],
            Labels = "namespace=logging,deployment=finance-log",
            // Another workload of the namespace is down, and the finance log is not.
            Silent = [(Available, "3x3 1x30"), ("""kube_deployment_status_replicas_available{namespace="logging",deployment="other"}""", "0x30")],
        },
        new()
        {
            Alert = "FinanceLogReplicasFew",
            At = "20m",
            Firing = [(Available, "3x3 1x30")],
            Labels = "namespace=logging,deployment=finance-log",
            Silent = [(Available, "3x3 1x5 2x30")],
        },
        new()
        {
            Alert = "FinanceLogArchiveAway",
            At = "15m",
            Firing = [Gauge("archive_away", "a", "1x30"), Gauge("archive_away", "b", "0x2 1x30")],
            Labels = OfStream,
            // One replica alone has lost its way to S3, and was then started again: it cannot open the streams, which the other did long ago.
            Silent = [Gauge("archive_away", "a", "1x5"), Starting("a", "_x5 1x30"), Gauge("archive_away", "b", "0x30"), Starting("b", "0x30")],
        },
        new()
        {
            Alert = "FinanceLogStreamBroken",
            At = "5m",
            Firing = [Gauge("stream_broken", "a", "0x3 1x10"), Gauge("stream_broken", "b", "0x10")],
            Labels = OfStream,
            Silent = [Gauge("stream_broken", "a", "0x10"), Gauge("stream_broken", "b", "0x10")],
        },
        Counted("FinanceLogConflicts", "records_conflicting_total", "", OfStream),
        new()
        {
            Alert = "FinanceLogRejects",
            At = "40m",
            Firing = [("""ledger_records_rejected_total{namespace="logging",pod="a",reason="schema"}""", "_x35 4x30")],
            Labels = "namespace=logging,reason=schema",
            Value = "4",
            Silent = [("""ledger_records_rejected_total{namespace="logging",pod="a",reason="schema"}""", "4x70")],
        },
        Counted("FinanceLogGaps", "sequence_gap_records_total", ",producer=\"shop\"", $"{OfStream},producer=shop"),
        new()
        {
            Alert = "FinanceLogIndexLags",
            At = "20m",
            Firing = [Gauge("index_lag_seconds", "a", "0x5 300x30"), Gauge("index_lag_seconds", "b", "0x40")],
            Labels = OfStream,
            Value = "5m 0s",
            Silent = [Gauge("index_lag_seconds", "a", "0x5 59x30"), Gauge("index_lag_seconds", "b", "0x40")],
        },
        new()
        {
            Alert = "FinanceLogDeadLetters",
            At = "20m",
            Firing = [Gauge("dead_letters", "a", "0x5 2x30")],
            Labels = OfStream,
            Value = "2",
            // Replayed after three minutes.
            Silent = [Gauge("dead_letters", "a", "0x14 2x2 0x30")],
        },
        new()
        {
            Alert = "FinanceLogCheckpointLate",
            At = "30m",
            Firing = [Gauge("checkpoint_age_seconds", "a", "10800x40")],
            Labels = OfStream,
            Value = "3h 0m 0s",
            Silent = [Gauge("checkpoint_age_seconds", "a", "3700x40")],
        },
        new()
        {
            Alert = "FinanceLogVerificationFailed",
            At = "5m",
            Firing = [Gauge("verify_failed", "a", "0x3 1x10"), Gauge("verify_failed", "b", "0x10")],
            Labels = OfStream,
            Silent = [Gauge("verify_failed", "a", "0x10"), Gauge("verify_failed", "b", "0x10")],
        },
        new()
        {
            Alert = "FinanceLogVerificationLate",
            Interval = "5m",
            At = "50h",
            Firing = [Gauge("verified_timestamp_seconds", "a", "0x620")],
            Labels = OfStream,
            Value = "2d 2h 0m 0s",
            // Another replica verified it a day later.
            Silent = [Gauge("verified_timestamp_seconds", "a", "0x620"), Gauge("verified_timestamp_seconds", "b", "0x288 86400x332")],
        },
        new()
        {
            Alert = "FinanceLogCertificateExpiresInAWeek",
            At = "90m",
            Firing = [Certificate("a", "5x100"), Certificate("b", "29x100")],
            Labels = "namespace=logging,pod=finance-log-a",
            Value = "5d 0h 0m 0s",
            // Less than a day: that has an alert of its own.
            Silent = [Certificate("a", "0.5x100"), Certificate("b", "29x100")],
        },
        new()
        {
            Alert = "FinanceLogCertificateExpiresInADay",
            At = "10m",
            Firing = [Certificate("a", "0.5x100"), Certificate("b", "29x100")],
            Labels = "namespace=logging,pod=finance-log-a",
            Value = "12h 0m 0s",
            Silent = [Certificate("a", "1.5x100"), Certificate("b", "29x100")],
        },
    ];

    private static (string, string) Starting(string pod, string values) => ($$"""ledger_archive_away{namespace="logging",pod="finance-log-{{pod}}",stream=""}""", values);

    private static (string, string) Certificate(string pod, string days) => ($$"""ledger_certificate_days_until_end{namespace="logging",pod="finance-log-{{pod}}"}""", days);

    private static (string, string) Gauge(string metric, string pod, string values) => ($$"""ledger_{{metric}}{namespace="logging",pod="finance-log-{{pod}}",stream="payments"}""", values);

    /// <summary>A counter that is not there before its first event; silent is one that has counted long ago.</summary>
    private static RuleCase Counted(string alert, string metric, string more, string labels) => new()
    {
        Alert = alert,
        At = "40m",
        Firing = [($$"""ledger_{{metric}}{namespace="logging",pod="finance-log-a",stream="payments"{{more}}}""", "_x35 3x30")],
        Labels = labels,
        Value = "3",
        Silent = [($$"""ledger_{{metric}}{namespace="logging",pod="finance-log-a",stream="payments"{{more}}}""", "3x70")],
    };
}
