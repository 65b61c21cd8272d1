using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Monitoring.Dashboards.Queries;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The blockchain nodes and their fronts; chain metrics come from the sentinels.</summary>
internal static class ChainsDashboard
{
    public const string Uid = "ha-chains";

    private const string InChains = $"namespace=\"{ClusterNamespaces.Chains}\"";
    private const string Node = "{{chain}} {{pod}}";

    public static Dashboard Of() => new()
    {
        Uid = Uid,
        Title = "Chains",
        Description = "Heads, peers, fronts and volumes of the blockchain nodes.",
        Annotations =
        [
            new Annotation("Node restarts", $"sum by (pod) (increase(kube_pod_container_status_restarts_total{{{InChains}}}[5m])) > 0", "{{pod}} restarted", "orange"),
            new Annotation("Reorganisations", "sum by (chain, pod) (increase(sentinel_reorgs_total[5m])) > 0", "{{chain}} reorganised, seen by {{pod}}", "purple"),
        ],
        Rows = [Health(), Heads(), Fees(), Fronts(), Disks(), Sentinels()],
    };

    private static Row Health() => new("Health",
    [
        Panel.Stat("Nodes ready", Unit.Count, "Nodes that serve requests, by chain. Below 2 the next loss is an outage.",
            new Target("sum by (chain) (max by (chain, pod) (sentinel_ready))", "{{chain}}")).Colored(Threshold.Falling(1, 2)).Wide(6),
        Panel.Stat("Ready although behind", Unit.Count, "Chains on which all nodes lag. They serve anyway, with old data.",
            new Target("sum by (chain) (max by (chain, pod) (sentinel_fail_open))", "{{chain}}")).Colored(Threshold.BadFrom(1)).Wide(6),
        Panel.Stat(
            "Tip age", Unit.Seconds,
            "Age of the newest block of all nodes. Normal: Bitcoin up to an hour, rarely two; Ethereum 12 seconds.",
            new Target("min by (chain) (time() - sentinel_head_timestamp_seconds)", "{{chain}}")).Wide(6),
        Panel.Stat("Diverging nodes", Unit.Count, "Nodes whose block 3 below the head differs from a sibling's. Payments wait.",
            new Target("sum by (chain) (max by (chain, pod) (sentinel_hash_divergence))", "{{chain}}")).Colored(Threshold.BadFrom(1)).Wide(6),
    ]);

    private static Row Heads() => new("Heads",
    [
        Panel.TimeSeries("Head", Unit.Count, "Height of each node's newest block.", new Target("max by (chain, pod) (sentinel_head_height)", Node)),
        Panel.TimeSeries(
            "Lag", Unit.Count,
            "Blocks behind the highest sibling.",
            new Target("max by (chain, pod) (sentinel_lag_blocks)", Node)).Colored(Threshold.Rising(2, 8)),
        Panel.TimeSeries(
            "Tip age", Unit.Seconds,
            "Age of each node's newest block.",
            new Target("max by (chain, pod) (time() - sentinel_head_timestamp_seconds)", Node)),
        Panel.TimeSeries(
            "Peers", Unit.Count,
            "Below 4 (btcd) or 3 (Ethereum) a node receives blocks late.",
            new Target("max by (chain, pod) (sentinel_peers)", Node)).Colored(Threshold.Falling(3, 8)),
        Panel.TimeSeries("Ready", Unit.YesNo, "Whether each node takes requests.", new Target("max by (chain, pod) (sentinel_ready)", Node)),
        Panel.TimeSeries(
            "Syncing", Unit.YesNo,
            "A syncing node is not ready, and it is not restarted.",
            new Target("max by (chain, pod) (sentinel_syncing)", Node)),
        Panel.TimeSeries(
            "Unfinalised blocks", Unit.Count,
            "Ethereum blocks between the head and the last final block: normally 64 to 96. It grows when the network has no majority.",
            new Target(
                "max by (pod) (sentinel_head_height{chain=\"ethereum\"} - sentinel_finalized_height{chain=\"ethereum\"})",
                "{{pod}}")).Colored(Threshold.Rising(128, 256)),
        Panel.TimeSeries("Consensus distance", Unit.Count, "Slots between now and the head of the consensus client.",
            new Target("max by (pod) (sentinel_consensus_distance_slots)", "{{pod}}")).Colored(Threshold.Rising(4, 8)),
        Panel.TimeSeries(
            "Depth of the last reorganisation", Unit.Count,
            "Blocks that were replaced: 1 is common, 2 stops payments on Bitcoin, 3 on Ethereum.",
            new Target("max by (chain, pod) (sentinel_last_reorg_depth)", Node)).Colored(Threshold.Rising(2, 3)),
    ]);

    // No alert: what is normal changes from hour to hour. They explain why payments wait or cost more.
    private static Row Fees() => new("Fees",
    [
        Panel.TimeSeries("Waiting transactions", Unit.Count, "In the mempool of each Bitcoin node. When it grows, a payment with a low fee waits longer.",
            new Target("max by (network, pod) (sentinel_mempool_transactions)", "{{network}} {{pod}}")),
        Panel.TimeSeries(
            "Mempool size", Unit.Bytes,
            "Size of the waiting Bitcoin transactions. A block takes 1 to 2 MB of them every ten minutes.",
            new Target("max by (network, pod) (sentinel_mempool_bytes)", "{{network}} {{pod}}")),
        Panel.TimeSeries(
            "Gas price, gwei", Unit.Count,
            "What each Ethereum node suggests to pay, and the base fee of its newest block, which is burnt.",
            new Target("max by (network, pod) (sentinel_gas_price_wei) / 1e9", "{{network}} {{pod}} suggested"),
            new Target("max by (network, pod) (sentinel_base_fee_wei) / 1e9", "{{network}} {{pod}} base fee")),
    ]);

    private static Row Fronts() => new("Fronts",
    [
        Panel.TimeSeries("Backends up", Unit.Count, "Nodes that each front sends requests to.",
            new Target(
                $"sum by (proxy) (max by (proxy, server) (haproxy_server_status{{{InChains},state=\"UP\"}}))",
                "{{proxy}}")).Colored(Threshold.Falling(1, 2)),
        Panel.TimeSeries(
            "Refused", Unit.RequestsPerSecond,
            "Requests for methods that are not allowed, or above the rate limit: a faulty client, or an attack.",
            new Target($"sum by (proxy) (rate(haproxy_frontend_requests_denied_total{{{InChains}}}[$__rate_interval]))", "{{proxy}}")),
        Panel.TimeSeries("Responses", Unit.RequestsPerSecond, "By status class.",
            new Target($"sum by (proxy, code) (rate(haproxy_frontend_http_responses_total{{{InChains}}}[$__rate_interval]))", "{{proxy}} {{code}}")),
        Panel.TimeSeries("Response time", Unit.Seconds, "Average of the last 1024 requests, by backend.",
            new Target($"max by (proxy) (haproxy_backend_response_time_average_seconds{{{InChains}}})", "{{proxy}}")),
        Panel.TimeSeries("Queued in the front", Unit.Count, "Requests that wait for a node.",
            new Target($"sum by (proxy) (haproxy_backend_current_queue{{{InChains}}})", "{{proxy}}")),
        Panel.TimeSeries(
            "Failures and retries", Unit.RequestsPerSecond,
            "Failed connections to nodes, and requests that were retried on another node.",
            new Target($"sum by (proxy) (rate(haproxy_backend_connection_errors_total{{{InChains}}}[$__rate_interval]))", "{{proxy}} failed"),
            new Target($"sum by (proxy) (rate(haproxy_backend_redispatch_warnings_total{{{InChains}}}[$__rate_interval]))", "{{proxy}} again")),
    ]);

    private static Row Disks() => new("Disks",
    [
        Panel.BarGauge(
            "Days until full", Unit.Days,
            "At the growth of the last 24 hours. To grow a volume while it is in use, raise its size in the settings.",
            new Target(VolumeQueries.FirstFullOf(InChains), "{{persistentvolumeclaim}}")).Colored(Threshold.Falling(4, 30)),
        Panel.TimeSeries("Used", Unit.Bytes, "By volume.", new Target(VolumeQueries.Used(InChains), "{{persistentvolumeclaim}}")),
        Panel.TimeSeries(
            "Growth per day", Unit.Bytes,
            "Average of the last 24 hours.",
            new Target(VolumeQueries.Growth(InChains), "{{persistentvolumeclaim}}")),
        Panel.BarGauge("Volume usage", Unit.Share, "geth stops itself when too little space is left.",
            new Target(VolumeQueries.FullestOf(InChains), "{{persistentvolumeclaim}}")).Colored(Threshold.Rising(0.8, 0.9)),
        Panel.Table("Snapshots", Unit.Seconds, "Age of the newest snapshot. A new replica must catch up from there.",
            new Target(
                $"time() - max by (claim) (kube_volumesnapshot_creation_time_seconds{{{InChains}}})",
                "age")).Colored(Threshold.Rising(26 * 3600, 48 * 3600)),
        Panel.TimeSeries(
            "Days until full, as the sentinels measure", Unit.Days,
            "At the growth of the last day. Absent in a sentinel's first hour, and while a volume does not grow.",
            new Target("min by (chain, pod) (sentinel_volume_days_until_full)", Node)).Colored(Threshold.Falling(4, 14)),
        Panel.TimeSeries(
            "Free", Unit.Share,
            "Free share of each data volume.",
            new Target("min by (chain, pod) (sentinel_volume_free_bytes / sentinel_volume_bytes)", Node)).Colored(Threshold.Falling(0.1, 0.2)),
        Panel.TimeSeries("Memory usage of limit", Unit.Share, "At 1 the kernel kills the client, which then replays blocks for minutes.",
            new Target(
                $"sum by (pod, container) (container_memory_working_set_bytes{{{InChains},container!=\"\",image!=\"\"}})"
                + $" / sum by (pod, container) (kube_pod_container_resource_limits{{{InChains},resource=\"memory\"}})",
                "{{pod}} {{container}}")).Colored(Threshold.Rising(0.85, 0.95)),
    ]);

    private static Row Sentinels() => new("Sentinels",
    [
        Panel.Heatmap("Duration of node calls", Unit.Seconds, "A node that responds slowly is about to fall behind.",
            new Target("sum by (le) (rate(sentinel_poll_seconds_bucket[$__rate_interval]))", "{{le}}")).Wide(12),
        Panel.TimeSeries("Unresponsive nodes", Unit.Count, "The sentinel runs, but its node does not answer.",
            new Target("count by (chain) (max by (chain, pod) (sentinel_node_up) == 0)", "{{chain}}")).Wide(12),
        Panel.TimeSeries("Unresponsive consensus clients", Unit.Count, "Ethereum: without it an execution client gets no blocks.",
            new Target("count by (network) (max by (network, pod) (sentinel_consensus_up) == 0)", "{{network}}")),
        Panel.TimeSeries("Failed calls", Unit.OperationsPerSecond, "Calls of each sentinel to its node that failed, by fault: unreachable, timeout, tls, unauthorized ...",
            new Target("sum by (pod, fault) (rate(sentinel_rpc_errors_total[$__rate_interval])) > 0", "{{pod}} {{fault}}")),
        Panel.TimeSeries("Slowest methods", Unit.Seconds, "95th percentile of the calls of the last minutes, by method: the slowest five.",
            new Target("topk(5, histogram_quantile(0.95, sum by (chain, method, le) (rate(sentinel_rpc_seconds_bucket[$__rate_interval]))))", "{{chain}} {{method}}")),
        Panel.TimeSeries("Certificate of the node", Unit.Days, "Days until the certificate that each node serves expires. It is renewed 30 days before, and served from the next start on.",
            new Target("min by (chain, pod) (sentinel_certificate_days_until_end)", Node)).Colored(Threshold.Falling(7, 23)),
    ]);
}
