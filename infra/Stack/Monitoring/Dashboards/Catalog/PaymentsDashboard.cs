using HaCluster.Stack.Monitoring.Dashboards.Model;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The payments service and its signer: transfers, deposits, books, and what waits for a person. What is done by one replica at a time is in the metrics of all that did it before.</summary>
internal static class PaymentsDashboard
{
    public const string Uid = "ha-payments";

    private const string Wallet = "{{wallet}}";
    private const string Chain = "{{chain}}";
    private const string Pods = """namespace=~"payments|signing",pod=~"payments-.*" """;

    public static Dashboard Of() => new()
    {
        Uid = Uid,
        Title = "Payments",
        Description = "Transfers, deposits, forwarding, books and signatures, by wallet and chain.",
        Annotations =
        [
            new Annotation("Restarts", $"sum by (pod) (increase(kube_pod_container_status_restarts_total{{{Pods}}}[5m])) > 0", "{{pod}} restarted", "orange"),
            new Annotation("Reorganisations", "sum by (chain) (increase(payments_reorganisations_total[5m])) > 0", "{{chain}} replaced blocks", "red"),
        ],
        Rows = [Health(), Transfers(), Deposits(), Forwarding(), Books(), Work(), Instances()],
    };

    private static Row Health() => new("Health",
    [
        Panel.Stat("Replicas", Unit.Count, "Ready to answer. Below 2 the next loss stops payments.",
            new Target("""sum(kube_deployment_status_replicas_available{namespace="payments",deployment="payments"})""", "ready")).Colored(Threshold.Falling(1, 2)),
        Panel.Stat("Signers", Unit.Count, "Ready to sign. Without one transfers wait.",
            new Target("""sum(kube_deployment_status_replicas_available{namespace="signing",deployment="payments-signer"})""", "ready")).Colored(Threshold.Falling(1, 2)),
        Panel.Stat("Kill switch", Unit.YesNo, "While it is on, no transfer is accepted or signed.",
            new Target("max(payments_kill_switch)", "on")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Alarms", Unit.Count, "Events that need a human decision, in the last 24 hours. The log has each.",
            new Target("sum(increase(payments_alarms_total[24h]))", "alarms")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Difference to the chain", Unit.Count, "Units, of the asset with the largest. Must be 0.",
            new Target("max(abs(payments_reconciliation_difference_units))", "units")).Colored(Threshold.BadFrom(1)),
        Panel.Stat("Waiting for approval", Unit.Count, "Transfers above the limit of their policy.",
            new Target("sum(max by (wallet) (payments_approvals_waiting))", "transfers")),
    ]);

    private static Row Transfers() => new("Transfers",
    [
        Panel.TimeSeries("Open", Unit.Count, "Transfers that have not ended.", new Target("max by (wallet) (payments_open_transfers)", Wallet)),
        Panel.TimeSeries("Oldest", Unit.Seconds, "Age of the oldest transfer that was approved and has not ended. Bitcoin needs an hour or two for six blocks.",
            new Target("max by (wallet) (payments_oldest_open_transfer_seconds)", Wallet)).Colored(Threshold.Rising(7200, 10800)),
        Panel.TimeSeries("Changes of state", Unit.OperationsPerSecond, "By the state that was reached; orphaned: its block was replaced.",
            new Target("sum by (state) (rate(payments_transfer_states_total[$__rate_interval]))", "{{state}}")),
        Panel.TimeSeries("Given to nodes", Unit.OperationsPerSecond, "Signed transactions, by what the node said.",
            new Target("sum by (chain, outcome) (rate(payments_broadcasts_total[$__rate_interval]))", "{{chain}}: {{outcome}}")),
        Panel.TimeSeries("Refused by the signer", Unit.Count, "In the last hour, by its reason.",
            new Target("sum by (code) (increase(payments_signer_refusals_total[1h]))", "{{code}}")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Answers", Unit.RequestsPerSecond, "By status, probes included. 503: send again.",
            new Target("sum by (status) (rate(payments_requests_total[$__rate_interval]))", "{{status}}")),
    ]);

    private static Row Deposits() => new("Deposits",
    [
        Panel.TimeSeries("Scanned", Unit.Count, "Height of the last block that was scanned.", new Target("max by (chain) (payments_scanned_height)", Chain)),
        Panel.TimeSeries("Behind", Unit.Count, "Blocks that the node has and the scan has not, by replica; of a replica that does not scan the value of when it last did.",
            new Target("max by (chain, pod) (payments_scanner_lag_blocks)", "{{chain}} on {{pod}}")).Colored(Threshold.Rising(6, 12)),
        Panel.TimeSeries("Blocks replaced", Unit.Count, "By the last reorganisation.", new Target("max by (chain) (payments_reorganisation_depth_blocks)", Chain)),
        Panel.TimeSeries("Reorganisations", Unit.Count, "In the last 24 hours.", new Target("sum by (chain) (increase(payments_reorganisations_total[24h]))", Chain)),
    ]);

    private static Row Forwarding() => new("Forwarding and webhooks",
    [
        Panel.TimeSeries("Suspended", Unit.YesNo, "Funds stay in the wallet until someone resumes it.",
            new Target("max by (wallet, kind) (payments_forwarding_suspended)", "{{wallet}}: {{kind}}")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Waiting", Unit.Seconds, "For how long there was enough to forward or sweep, and no round could begin.",
            new Target("max by (wallet, asset, kind) (payments_forwarding_waiting_seconds)", "{{wallet}}: {{kind}} {{asset}}")).Colored(Threshold.Rising(3600, 86400)),
        Panel.TimeSeries("Forwards", Unit.Count, "In the last hour, by what came of them; sweeps too.",
            new Target("sum by (wallet, kind, outcome) (increase(payments_forwards_total[1h]))", "{{wallet}}: {{kind}} {{outcome}}")),
        Panel.TimeSeries("Webhooks behind", Unit.Seconds, "Age of the oldest event that a receiver has not taken.",
            new Target("max by (hook) (payments_webhook_oldest_undelivered_seconds)", "{{hook}}")).Colored(Threshold.Rising(300, 900)),
        Panel.TimeSeries("Failed deliveries", Unit.Count, "In the last hour; each is tried again.",
            new Target("sum by (hook) (increase(payments_webhook_failures_total[1h]))", "{{hook}}")),
        Panel.TimeSeries("Finance log behind", Unit.Seconds, "Age of the oldest event that the finance log has not acknowledged.",
            new Target("max(payments_outbox_oldest_undelivered_seconds)", "oldest")).Colored(Threshold.Rising(120, 600)),
    ]);

    private static Row Books() => new("Books",
    [
        Panel.TimeSeries("Difference to the chain", Unit.Count, "Units that the chain has more than the books, or less. Must be 0.",
            new Target("max by (wallet, asset) (payments_reconciliation_difference_units)", "{{asset}} of {{wallet}}")),
        Panel.TimeSeries("Compared", Unit.Ago, "When books and chain were last compared. It is due every day.",
            new Target("1000 * max by (wallet) (payments_reconciled_timestamp_seconds)", Wallet)),
        Panel.TimeSeries("Waiting for approval", Unit.Count, "Transfers above the limit of their policy.", new Target("max by (wallet) (payments_approvals_waiting)", Wallet)),
    ]);

    private static Row Work() => new("Work",
    [
        Panel.TimeSeries("Failed rounds", Unit.Count, "In the last 15 minutes: a node, the signer or the database was unavailable.",
            new Target("sum by (worker, subject) (increase(payments_worker_failures_total[15m]))", "{{worker}} of {{subject}}")),
        Panel.TimeSeries("Shared work", Unit.Count, "Parts of the work that each replica does.", new Target("sum by (pod, worker) (payments_worker)", "{{worker}} on {{pod}}")),
        Panel.TimeSeries("Database failures", Unit.Count, "Requests that the database did not answer, in the last 5 minutes.",
            new Target("sum by (pod) (increase(payments_store_failures_total[5m]))", "{{pod}}")),
    ]);

    private static Row Instances() => new("Replicas",
    [
        Panel.TimeSeries("Memory", Unit.Bytes, "By replica; the limits are 512 MiB, and 256 MiB of the signer.",
            new Target($"sum by (pod) (container_memory_working_set_bytes{{{Pods},container!=\"\",image!=\"\"}})", "{{pod}}")),
        Panel.TimeSeries("CPU", Unit.Cores, "By replica.",
            new Target($"sum by (pod) (rate(container_cpu_usage_seconds_total{{{Pods},container!=\"\",image!=\"\"}}[$__rate_interval]))", "{{pod}}")),
        Panel.TimeSeries("Version", Unit.Count, "Replicas of each version.", new Target("count by (version) (payments_build_info)", "{{version}}")),
    ]);
}
