namespace HaCluster.Stack.Monitoring.Rules.Chains;

/// <summary>Ethereum: a slot every 12 seconds, finality after two epochs (64 slots) when all is well.</summary>
internal static class EthereumRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "ethereum",
        Alerts =
        [
            ChainAlert.Of(
                "EthereumHeadStale",
                """
                (time() - sentinel_head_timestamp_seconds{chain="ethereum"}) > 60
                  unless on (namespace, pod) (sentinel_syncing == 1)
                """,
                "2m",
                AlertSeverity.Warning,
                "{{ $labels.pod }} has no new Ethereum block",
                "Its head is {{ $value | humanizeDuration }} old; slots are 12 s."),
            ChainAlert.Of(
                "EthereumHeadStopped",
                """
                time() - max by (chain, network) (sentinel_head_timestamp_seconds{chain="ethereum"}) > 300
                """,
                "5m",
                AlertSeverity.Critical,
                "No Ethereum node ({{ $labels.network }}) sees new blocks",
                "The newest head of all nodes is {{ $value | humanizeDuration }} old: all consensus clients have stopped, or the chain has."),
            ChainAlert.Of(
                "EthereumNodeBehind",
                """
                (max by (chain, network) (sentinel_head_height{chain="ethereum"})
                  - on (chain, network) group_right () sentinel_head_height{chain="ethereum"}) > 8
                  unless on (namespace, pod) (sentinel_syncing == 1)
                """,
                "3m",
                AlertSeverity.Warning,
                "{{ $labels.pod }} is behind the other Ethereum nodes",
                "It is {{ $value | humanize }} blocks below the highest of its siblings. Its front no longer sends it calls."),
            ChainAlert.Of(
                "EthereumFinalityStalled",
                """
                max by (network) (sentinel_head_height{chain="ethereum"}) - max by (network) (sentinel_finalized_height{chain="ethereum"}) > 128
                """,
                "15m",
                AlertSeverity.Critical,
                "Ethereum ({{ $labels.network }}) does not finalise",
                "{{ $value | humanize }} blocks wait to be final, where about 64 to 96 are normal. Deposits must not be credited on these."),
            ChainAlert.Of(
                "EthereumConsensusBehind",
                """
                max by (namespace, pod, network, client) (sentinel_consensus_distance_slots{chain="ethereum"}) > 8
                """,
                "5m",
                AlertSeverity.Critical,
                "The consensus client of {{ $labels.pod }} is behind",
                "It is {{ $value | humanize }} slots behind the clock; its execution client does not advance without it."),
            ChainAlert.Of(
                "EthereumPeersFew",
                """
                min by (namespace, pod, network, client) (sentinel_peers{chain="ethereum"}) < 3
                """,
                "10m",
                AlertSeverity.Warning,
                "{{ $labels.pod }} has {{ $value }} execution peers",
                "Transactions sent through it reach the network late or not at all."),
            ChainAlert.Of(
                "EthereumConsensusPeersFew",
                """
                min by (namespace, pod) (libp2p_peers{namespace="chains"}) < 10
                """,
                "10m",
                AlertSeverity.Warning,
                "The consensus client of {{ $labels.pod }} has {{ $value }} peers",
                "Lighthouse aims at 100. With few it misses blocks and its head goes stale."),
            ChainAlert.Of(
                "EthereumReorganised",
                """
                sentinel_last_reorg_depth{chain="ethereum"} >= 3 and on (namespace, pod) increase(sentinel_reorgs_total[15m]) > 0
                """,
                "0m",
                AlertSeverity.Critical,
                "Ethereum ({{ $labels.network }}) replaced {{ $value }} blocks",
                "{{ $labels.pod }} saw {{ $value }} blocks replaced; one is common, three are not. Sweeps must pause until transactions are confirmed again."),
        ],
    };
}
