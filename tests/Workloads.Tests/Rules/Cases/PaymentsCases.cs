namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class PaymentsCases
{
    private const string OfWallet = "namespace=payments,wallet=w";
    private const string Available = """kube_deployment_status_replicas_available{namespace="payments",deployment="payments"}""";
    private const string SignersAvailable = """kube_deployment_status_replicas_available{namespace="signing",deployment="payments-signer"}""";

    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "PaymentsDown",
            At = "10m",
            Firing = [(Available, "3x3 0x30")],
            Labels = "namespace=payments,deployment=payments",
            Silent = [(Available, "3x3 1x30"), ("""kube_deployment_status_replicas_available{namespace="payments",deployment="other"}""", "0x30")],
        },
        new()
        {
            Alert = "PaymentsReplicasFew",
            At = "20m",
            Firing = [(Available, "3x3 1x30")],
            Labels = "namespace=payments,deployment=payments",
            Silent = [(Available, "3x3 1x5 2x30")],
        },
        new()
        {
            Alert = "PaymentsSignerDown",
            At = "15m",
            Firing = [(SignersAvailable, "2x3 0x30")],
            Labels = "namespace=signing,deployment=payments-signer",
            Silent = [(SignersAvailable, "2x3 1x30")],
        },
        new()
        {
            Alert = "PaymentsTransfersStuck",
            At = "30m",
            Firing = [Gauge("oldest_open_transfer_seconds", "a", "10900x40"), Works("a", "sender", "w", "1x40"), Gauge("oldest_open_transfer_seconds", "b", "0x40"), Works("b", "sender", "w", "0x40")],
            Labels = OfWallet,
            Value = "3h 1m 40s",
            // That was seen by a replica which is the wallet's sender no longer; the one that is has sent it.
            Silent = [Gauge("oldest_open_transfer_seconds", "a", "10900x40"), Works("a", "sender", "w", "0x40"), Gauge("oldest_open_transfer_seconds", "b", "20x40"), Works("b", "sender", "w", "1x40")],
        },
        new()
        {
            Alert = "PaymentsWorkerFails",
            At = "40m",
            Firing = [(Series("worker_failures_total", "a", ",worker=\"scanner\",subject=\"bitcoin\""), "0+1x60")],
            Labels = "namespace=payments,worker=scanner,subject=bitcoin",
            Value = "15",
            // A node was away for five minutes.
            Silent = [(Series("worker_failures_total", "a", ",worker=\"scanner\",subject=\"bitcoin\""), "0x20 0+2x5 10x40")],
        },
        new()
        {
            Alert = "PaymentsAlarm",
            At = "40m",
            Firing = [(Series("alarms_total", "a", ",kind=\"transfer\""), "_x35 2x30")],
            Labels = "namespace=payments,kind=transfer",
            Value = "2",
            Silent = [(Series("alarms_total", "a", ",kind=\"transfer\""), "2x70")],
        },
        new()
        {
            Alert = "PaymentsSignerRefuses",
            At = "40m",
            Firing = [(Series("signer_refusals_total", "a", ",code=\"other-inputs\""), "_x35 1x30")],
            Labels = "namespace=payments,code=other-inputs",
            Value = "1",
            Silent = [(Series("signer_refusals_total", "a", ",code=\"other-inputs\""), "1x70")],
        },
        new()
        {
            Alert = "PaymentsStoreFails",
            At = "30m",
            Firing = [(Series("store_failures_total", "a", ""), "0+1x60"), (Series("store_failures_total", "b", ""), "0+1x60")],
            Labels = "namespace=payments",
            Value = "10",
            // A failover of the database.
            Silent = [(Series("store_failures_total", "a", ""), "0x20 0+5x2 10x40"), (Series("store_failures_total", "b", ""), "0x60")],
        },
        new()
        {
            Alert = "PaymentsReorganised",
            At = "40m",
            Firing = [(OfChain("reorganisations_total", "a"), "1x35 2x30"), (OfChain("reorganisation_depth_blocks", "a"), "1x35 3x30")],
            Labels = "namespace=payments,chain=bitcoin",
            Value = "3",
            // One block, as it happens every few weeks; and a deep one that is long over.
            Silent = [(OfChain("reorganisations_total", "a"), "1x35 2x30"), (OfChain("reorganisation_depth_blocks", "a"), "1x70")],
        },
        new()
        {
            Alert = "PaymentsScannerBehind",
            At = "40m",
            Firing = [(OfChain("scanner_lag_blocks", "a"), "20x60"), (OfChain("scanned_height", "a"), "500x60"), (OfChain("scanner_lag_blocks", "b"), "0x60"), (OfChain("scanned_height", "b"), "300x60")],
            Labels = "namespace=payments,chain=bitcoin",
            Value = "20",
            // Far behind was a replica that scans no longer.
            Silent = [(OfChain("scanner_lag_blocks", "a"), "1x60"), (OfChain("scanned_height", "a"), "500x60"), (OfChain("scanner_lag_blocks", "b"), "20x60"), (OfChain("scanned_height", "b"), "300x60")],
        },
        new()
        {
            Alert = "PaymentsBooksDiffer",
            At = "5m",
            Firing = [Difference("a", "0x3 -1x10"), Gauge("reconciled_timestamp_seconds", "a", "0x3 180x10"), Difference("b", "0x13"), Gauge("reconciled_timestamp_seconds", "b", "60x13")],
            Labels = $"{OfWallet},asset=ethereum",
            Value = "1",
            // Explained and compared again, by another replica.
            Silent = [Difference("a", "-1x13"), Gauge("reconciled_timestamp_seconds", "a", "60x13"), Difference("b", "0x13"), Gauge("reconciled_timestamp_seconds", "b", "0x3 180x10")],
        },
        new()
        {
            Alert = "PaymentsBooksNotCompared",
            Interval = "5m",
            At = "50h",
            // No comparison has ever ended: a wallet was made at the beginning.
            Firing = [(OfChain("not_compared_since_timestamp_seconds", "a"), "0x620"), (OfChain("not_compared_since_timestamp_seconds", "b"), "0x620")],
            Labels = "namespace=payments,chain=bitcoin",
            Value = "2d 2h 0m 0s",
            // One has ended a day later, and one of the replicas is stuck.
            Silent = [(OfChain("not_compared_since_timestamp_seconds", "a"), "0x620"), (OfChain("not_compared_since_timestamp_seconds", "b"), "0x288 86400x332")],
        },
        new()
        {
            Alert = "PaymentsKillSwitchOn",
            At = "10m",
            Firing = [(Series("kill_switch", "a", ""), "0x2 1x30"), (Series("kill_switch", "b", ""), "0x2 1x30")],
            Labels = "namespace=payments",
            Silent = [(Series("kill_switch", "a", ""), "1x2 0x30"), (Series("kill_switch", "b", ""), "0x30")],
        },
        new()
        {
            Alert = "PaymentsForwardingSuspended",
            At = "10m",
            Firing = [Gauge("forwarding_suspended", "a", "0x2 1x30")],
            Labels = OfWallet,
            Silent = [Gauge("forwarding_suspended", "a", "1x2 0x30")],
        },
        new()
        {
            Alert = "PaymentsForwardingWaits",
            At = "10m",
            Firing = [(Series("forwarding_waiting_seconds", "a", ",wallet=\"w\",asset=\"ethereum\",kind=\"sweep\""), "86460+60x30")],
            Labels = "namespace=payments,wallet=w,asset=ethereum,kind=sweep",
            Value = "1d 0h 11m 0s",
            // A round has begun.
            Silent = [(Series("forwarding_waiting_seconds", "a", ",wallet=\"w\",asset=\"ethereum\",kind=\"sweep\""), "86460x2 0x30")],
        },
        new()
        {
            Alert = "PaymentsApprovalsWaiting",
            At = "80m",
            Firing = [Gauge("approvals_waiting", "a", "2x90"), Gauge("approvals_waiting", "b", "2x90")],
            Labels = OfWallet,
            Value = "2",
            // Approved after half an hour.
            Silent = [Gauge("approvals_waiting", "a", "2x30 0x60"), Gauge("approvals_waiting", "b", "2x30 0x60")],
        },
        new()
        {
            Alert = "PaymentsWebhooksBehind",
            At = "20m",
            Firing = [(Series("webhook_oldest_undelivered_seconds", "a", ",hook=\"h\""), "1200x30"), Works("a", "webhook", "h", "1x30")],
            Labels = "namespace=payments,hook=h",
            Value = "20m 0s",
            // Another replica delivers by now.
            Silent = [(Series("webhook_oldest_undelivered_seconds", "a", ",hook=\"h\""), "1200x30"), Works("a", "webhook", "h", "0x30"), (Series("webhook_oldest_undelivered_seconds", "b", ",hook=\"h\""), "600x30"), Works("b", "webhook", "h", "1x30")],
        },
        new()
        {
            Alert = "PaymentsEventsBehind",
            At = "20m",
            Firing = [(Series("outbox_oldest_undelivered_seconds", "a", ""), "900x30"), Works("a", "outbox", "ledger", "1x30")],
            Labels = "namespace=payments",
            Value = "15m 0s",
            Silent = [(Series("outbox_oldest_undelivered_seconds", "a", ""), "900x30"), Works("a", "outbox", "ledger", "0x30"), (Series("outbox_oldest_undelivered_seconds", "b", ""), "300x30"), Works("b", "outbox", "ledger", "1x30")],
        },
    ];

    private static (string, string) Gauge(string metric, string pod, string values) => (Series(metric, pod, ",wallet=\"w\""), values);

    private static (string, string) Difference(string pod, string values) => (Series("reconciliation_difference_units", pod, ",wallet=\"w\",asset=\"ethereum\""), values);

    private static (string, string) Works(string pod, string worker, string subject, string values) => (Series("worker", pod, $",worker=\"{worker}\",subject=\"{subject}\""), values);

    private static string OfChain(string metric, string pod) => Series(metric, pod, ",chain=\"bitcoin\"");

    private static string Series(string metric, string pod, string more) => $$"""payments_{{metric}}{namespace="payments",pod="payments-{{pod}}"{{more}}}""";
}
