using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Monitoring.Dashboards.Queries;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The blockchain nodes and their fronts; what a node knows of its chain its sentinel tells.</summary>
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
        Rows = [Health(), Heads(), Fronts(), Disks(), Sentinels()],
    };

    private static Row Health() => new("Health",
    [
        Panel.Stat("Nodes ready", Unit.Count, "Nodes that answer requests, by chain. Below 2 the next loss is an outage.",
            new Target("sum by (chain) (max by (chain, pod) (sentinel_ready))", "{{chain}}")).Colored(Threshold.Falling(1, 2)).Wide(6),
        Panel.Stat("Ready although behind", Unit.Count, "All nodes of a chain lag, so they answer all the same: what they say is old.",
            new Target("sum by (chain) (max by (chain, pod) (sentinel_fail_open))", "{{chain}}")).Colored(Threshold.BadFrom(1)).Wide(6),
        Panel.Stat(
            "Tip age", Unit.Seconds,
            "Age of the newest block that any node has. Bitcoin: gaps of an hour happen, of two hours hardly ever. Ethereum: 12 seconds.",
            new Target("min by (chain) (time() - sentinel_head_timestamp_seconds)", "{{chain}}")).Wide(6),
        Panel.Stat("Nodes disagree", Unit.Count, "Nodes whose block 3 below the head is not the one that a sibling has. Payments wait.",
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
            "Below 4 (btcd) or 3 (Ethereum) a node hears of blocks late.",
            new Target("max by (chain, pod) (sentinel_peers)", Node)).Colored(Threshold.Falling(3, 8)),
        Panel.TimeSeries("Ready", Unit.YesNo, "Whether each node takes requests.", new Target("max by (chain, pod) (sentinel_ready)", Node)),
        Panel.TimeSeries(
            "Syncing", Unit.YesNo,
            "A node that syncs is left alone: it is neither ready nor restarted.",
            new Target("max by (chain, pod) (sentinel_syncing)", Node)),
        Panel.TimeSeries(
            "Not yet final", Unit.Count,
            "Ethereum blocks between the head and the last final one: 64 to 96 as a rule. It grows when the network finds no majority.",
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

    private static Row Fronts() => new("Fronts",
    [
        Panel.TimeSeries("Backends up", Unit.Count, "Nodes that each front sends requests to.",
            new Target(
                $"sum by (proxy) (max by (proxy, server) (haproxy_server_status{{{InChains},state=\"UP\"}}))",
                "{{proxy}}")).Colored(Threshold.Falling(1, 2)),
        Panel.TimeSeries(
            "Refused", Unit.RequestsPerSecond,
            "Requests for methods that are not on the list, or above the rate: a client is wrong, or someone tries.",
            new Target($"sum by (proxy) (rate(haproxy_frontend_requests_denied_total{{{InChains}}}[$__rate_interval]))", "{{proxy}}")),
        Panel.TimeSeries("Answers", Unit.RequestsPerSecond, "By class of status.",
            new Target($"sum by (proxy, code) (rate(haproxy_frontend_http_responses_total{{{InChains}}}[$__rate_interval]))", "{{proxy}} {{code}}")),
        Panel.TimeSeries("Time of answer", Unit.Seconds, "Average of the last 1024 requests, by backend.",
            new Target($"max by (proxy) (haproxy_backend_response_time_average_seconds{{{InChains}}})", "{{proxy}}")),
        Panel.TimeSeries("Waiting in the front", Unit.Count, "Requests that wait for a node.",
            new Target($"sum by (proxy) (haproxy_backend_current_queue{{{InChains}}})", "{{proxy}}")),
        Panel.TimeSeries(
            "Failed and sent again", Unit.RequestsPerSecond,
            "Connections to nodes that failed, and requests that another node answered.",
            new Target($"sum by (proxy) (rate(haproxy_backend_connection_errors_total{{{InChains}}}[$__rate_interval]))", "{{proxy}} failed"),
            new Target($"sum by (proxy) (rate(haproxy_backend_redispatch_warnings_total{{{InChains}}}[$__rate_interval]))", "{{proxy}} again")),
    ]);

    private static Row Disks() => new("Disks",
    [
        Panel.BarGauge(
            "Days until full", Unit.Days,
            "At the speed of the last 24 hours. Volumes grow while they are in use: raise the size in the settings.",
            new Target(VolumeQueries.FirstFullOf(InChains), "{{persistentvolumeclaim}}")).Colored(Threshold.Falling(4, 30)),
        Panel.TimeSeries("Used", Unit.Bytes, "By volume.", new Target(VolumeQueries.Used(InChains), "{{persistentvolumeclaim}}")),
        Panel.TimeSeries(
            "Growth a day", Unit.Bytes,
            "Over the last 24 hours.",
            new Target(VolumeQueries.Growth(InChains), "{{persistentvolumeclaim}}")),
        Panel.BarGauge("Used of volume", Unit.Share, "geth stops by itself when too little is left.",
            new Target(VolumeQueries.FullestOf(InChains), "{{persistentvolumeclaim}}")).Colored(Threshold.Rising(0.8, 0.9)),
        Panel.Table("Snapshots", Unit.Seconds, "Age of the newest one: what a new replica has to catch up.",
            new Target(
                $"time() - max by (claim) (kube_volumesnapshot_creation_time_seconds{{{InChains}}})",
                "age")).Colored(Threshold.Rising(26 * 3600, 48 * 3600)),
        Panel.TimeSeries("Memory of limit", Unit.Share, "At 1 the kernel kills the node, and it replays for minutes.",
            new Target(
                $"sum by (pod, container) (container_memory_working_set_bytes{{{InChains},container!=\"\",image!=\"\"}})"
                + $" / sum by (pod, container) (kube_pod_container_resource_limits{{{InChains},resource=\"memory\"}})",
                "{{pod}} {{container}}")).Colored(Threshold.Rising(0.85, 0.95)),
    ]);

    private static Row Sentinels() => new("Sentinels",
    [
        Panel.Heatmap("Time to ask a node", Unit.Seconds, "A node that answers slowly is about to fall behind.",
            new Target("sum by (le) (rate(sentinel_poll_seconds_bucket[$__rate_interval]))", "{{le}}")).Wide(12),
        Panel.TimeSeries("Nodes that do not answer", Unit.Count, "The sentinel is there, its node is not.",
            new Target("count by (chain) (max by (chain, pod) (sentinel_node_up) == 0)", "{{chain}}")).Wide(12),
    ]);
}
