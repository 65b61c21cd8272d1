namespace HaCluster.Stack.Monitoring.Rules.Data;

/// <summary>
/// The payments service (infra/Services/Payments) and its signer: whether they answer, whether transfers and deposits move, whether books and chain agree, and what waits for a person. Nothing is paid twice or
/// lost while any of these fires; money may be late.
/// </summary>
internal static class PaymentsRules
{
    private static readonly AlertFactory Alert = AlertRule.Of(AlertTeam.Payments, DashboardUid.Payments);

    public static RuleGroup Group { get; } = new()
    {
        Name = "payments",
        Alerts =
        [
            Alert(
                "PaymentsDown",
                """max by (namespace, deployment) (kube_deployment_status_replicas_available{namespace="payments",deployment="payments"}) == 0""",
                "2m",
                AlertSeverity.Critical,
                "The payments service is down",
                "No replica of {{ $labels.deployment }} has been ready for 2 minutes: no transfer is accepted or sent, no deposit is noticed. Nothing is lost."),
            Alert(
                "PaymentsReplicasFew",
                """max by (namespace, deployment) (kube_deployment_status_replicas_available{namespace="payments",deployment="payments"}) == 1""",
                "10m",
                AlertSeverity.Warning,
                "Only one replica of the payments service is ready",
                "The next failure stops payments."),
            Alert(
                "PaymentsSignerDown",
                """max by (namespace, deployment) (kube_deployment_status_replicas_available{namespace="signing",deployment="payments-signer"}) == 0""",
                "5m",
                AlertSeverity.Critical,
                "Nothing signs transfers",
                "No replica of {{ $labels.deployment }} has been ready for 5 minutes: transfers are accepted and wait."),
            // Six blocks of Bitcoin take an hour, and two hours now and then.
            Alert(
                "PaymentsTransfersStuck",
                $"max by (namespace, wallet) ({AtWork("payments_oldest_open_transfer_seconds", "sender", "wallet")}) > 10800",
                "10m",
                AlertSeverity.Critical,
                "A transfer of {{ $labels.wallet }} has been open for hours",
                "The oldest transfer that was approved and has not ended is {{ $value | humanizeDuration }} old: its fee is too low, or the signer, the nodes or an earlier transfer hold it up."),
            Alert(
                "PaymentsWorkerFails",
                "sum by (namespace, worker, subject) (increase(payments_worker_failures_total[15m])) > 10",
                "15m",
                AlertSeverity.Warning,
                "Worker {{ $labels.worker }} keeps failing for {{ $labels.subject }}",
                "{{ $value | humanize }} rounds in 15 minutes ended early, because a node, the signer or the database did not answer or refused."),
            Alert(
                "PaymentsAlarm",
                EventCounter.Recent("payments_alarms_total", "kind"),
                "0m",
                AlertSeverity.Critical,
                "The payments service needs a human decision: {{ $labels.kind }}",
                "{{ $value | humanize }} events `alarm` in the last 30 minutes; the log says which, and what was found."),
            Alert(
                "PaymentsSignerRefuses",
                EventCounter.Recent("payments_signer_refusals_total", "code"),
                "0m",
                AlertSeverity.Critical,
                "The signer refuses transfers: {{ $labels.code }}",
                "{{ $value | humanize }} orders of the last 30 minutes were refused by the signer's own policy or journal: its copy of the policy is out of date, or someone requests transfers that are not allowed."),
            Alert(
                "PaymentsStoreFails",
                "sum by (namespace) (increase(payments_store_failures_total[5m])) > 3",
                "5m",
                AlertSeverity.Critical,
                "The database of payments does not answer",
                "{{ $value | humanize }} requests of the last 5 minutes got no answer from PostgreSQL: callers get 503 and may send the same request again."),
            Alert(
                "PaymentsReorganised",
                $"""
                max by (namespace, chain) (payments_reorganisation_depth_blocks) > 1
                  and on (namespace, chain) ({EventCounter.Recent("payments_reorganisations_total", "chain")})
                """,
                "0m",
                AlertSeverity.Warning,
                "{{ $labels.chain }} replaced {{ $value }} blocks",
                "Deposits in these blocks are taken back, final ones too (with an alarm), and followed again, as are transfers that are not final. A final transfer is not looked at again and shows as a difference."),
            // The replica that scans has the greatest height; another's lag is that of when it last did.
            Alert(
                "PaymentsScannerBehind",
                """
                max by (namespace, chain) (
                  payments_scanner_lag_blocks
                    and on (namespace, pod, chain) (payments_scanned_height == on (namespace, chain) group_left max by (namespace, chain) (payments_scanned_height))
                ) > 12
                """,
                "15m",
                AlertSeverity.Warning,
                "Deposits on {{ $labels.chain }} are noticed late",
                "The scan is {{ $value }} blocks behind its node. No deposit is lost: every block is scanned."),
            // Of the replica that compared last; another's difference is that of its own last time.
            Alert(
                "PaymentsBooksDiffer",
                """
                max by (namespace, wallet, asset) (
                  abs(payments_reconciliation_difference_units)
                    and on (namespace, pod, wallet) (payments_reconciled_timestamp_seconds == on (namespace, wallet) group_left max by (namespace, wallet) (payments_reconciled_timestamp_seconds))
                ) > 0
                """,
                "0m",
                AlertSeverity.Critical,
                "Books and chain differ: {{ $labels.asset }} of {{ $labels.wallet }}",
                "The last comparison found a difference of {{ $value }} units: money moved that the books do not know, or the books have a movement that did not happen."),
            Alert(
                "PaymentsBooksNotCompared",
                "time() - max by (namespace, chain) (payments_not_compared_since_timestamp_seconds) > 172800",
                "1h",
                AlertSeverity.Warning,
                "Books of wallets of {{ $labels.chain }} have not been compared with the chain for two days",
                "The last comparison that had all of them ended {{ $value | humanizeDuration }} ago, or a wallet has been without one since it was made; it is due every day."),
            Alert(
                "PaymentsKillSwitchOn",
                "max by (namespace) (payments_kill_switch) == 1",
                "5m",
                AlertSeverity.Warning,
                "The kill switch of payments is on",
                "Transfers are refused and none is signed until someone with the scope admin switches it off."),
            Alert(
                "PaymentsForwardingSuspended",
                "max by (namespace, wallet) (payments_forwarding_suspended) == 1",
                "5m",
                AlertSeverity.Warning,
                "Forwarding from {{ $labels.wallet }} is suspended",
                "Funds stay in the wallet until someone resumes it; the wallet shows the reason."),
            Alert(
                "PaymentsForwardingWaits",
                "max by (namespace, wallet, asset, kind) (payments_forwarding_waiting_seconds) > 86400",
                "5m",
                AlertSeverity.Warning,
                "A {{ $labels.kind }} of {{ $labels.asset }} from {{ $labels.wallet }} cannot begin",
                "For {{ $value | humanizeDuration }} there has been enough, and no round could begin; the rule says why. What is to be swept cannot be spent until then."),
            Alert(
                "PaymentsApprovalsWaiting",
                "max by (namespace, wallet) (payments_approvals_waiting) > 0",
                "1h",
                AlertSeverity.Warning,
                "Transfers of {{ $labels.wallet }} wait for approval",
                "{{ $value }} transfers above the limit of the policy have waited for an hour; their funds are reserved."),
            Alert(
                "PaymentsWebhooksBehind",
                $"max by (namespace, hook) ({AtWork("payments_webhook_oldest_undelivered_seconds", "webhook", "hook")}) > 900",
                "5m",
                AlertSeverity.Warning,
                "Webhook {{ $labels.hook }} is not accepting events",
                "Its oldest event that was not delivered is {{ $value | humanizeDuration }} old. Events are kept and sent again in order."),
            Alert(
                "PaymentsEventsBehind",
                """max by (namespace) (payments_outbox_oldest_undelivered_seconds * on (namespace, pod) group_left max by (namespace, pod) (payments_worker{worker="outbox"})) > 600""",
                "5m",
                AlertSeverity.Warning,
                "Events of payments do not reach the finance log",
                "The oldest one that the finance log has not acknowledged is {{ $value | humanizeDuration }} old. None is lost: they are in the database."),
        ],
    };

    // A replica that does this work no longer keeps the value that it had then.
    private static string AtWork(string metric, string worker, string label) =>
        $$"""{{metric}} * on (namespace, pod, {{label}}) group_left max by (namespace, pod, {{label}}) (label_replace(payments_worker{worker="{{worker}}"}, "{{label}}", "$1", "subject", "(.*)"))""";
}
