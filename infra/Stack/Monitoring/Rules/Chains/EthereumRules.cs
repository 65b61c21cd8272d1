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
                "Its newest block is {{ $value | humanizeDuration }} old; a new one is due every 12 s."),
            ChainAlert.Of(
                "EthereumHeadStopped",
                """
                time() - max by (chain, network) (sentinel_head_timestamp_seconds{chain="ethereum"}) > 300
                """,
                "5m",
                AlertSeverity.Critical,
                "No Ethereum node ({{ $labels.network }}) sees new blocks",
                "The newest block of all nodes is {{ $value | humanizeDuration }} old: all consensus clients or the chain itself have stopped."),
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
                "It is {{ $value | humanize }} blocks below its highest sibling. The front no longer sends calls to it."),
            ChainAlert.Of(
                "EthereumFinalityStalled",
                """
                max by (network) (sentinel_head_height{chain="ethereum"}) - max by (network) (sentinel_finalized_height{chain="ethereum"}) > 128
                """,
                "15m",
                AlertSeverity.Critical,
                "Ethereum ({{ $labels.network }}) does not finalise",
                "{{ $value | humanize }} blocks are not final yet; 64 to 96 are normal. Do not credit deposits in these blocks."),
            ChainAlert.Of(
                "EthereumConsensusDown",
                """
                max by (namespace, pod, network, client) (sentinel_consensus_up{chain="ethereum"}) == 0
                """,
                "5m",
                AlertSeverity.Warning,
                "The consensus client of {{ $labels.pod }} does not answer",
                "It has not answered the sentinel for 5 minutes. Its execution client gets no blocks without it, and the front no longer sends calls to the node."),
            ChainAlert.Of(
                "EthereumConsensusBehind",
                """
                max by (namespace, pod, network, client) (sentinel_consensus_distance_slots{chain="ethereum"}) > 8
                """,
                "5m",
                AlertSeverity.Critical,
                "The consensus client of {{ $labels.pod }} is behind",
                "It is {{ $value | humanize }} slots behind the clock. Its execution client cannot advance without it."),
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
                "Lighthouse aims for 100. With few peers it misses blocks and its head becomes stale."),
            ChainAlert.Of(
                "EthereumReorganised",
                """
                sentinel_last_reorg_depth{chain="ethereum"} >= 3 and on (namespace, pod) increase(sentinel_reorgs_total[15m]) > 0
                """,
                "0m",
                AlertSeverity.Critical,
                "Ethereum ({{ $labels.network }}) replaced {{ $value }} blocks",
                "{{ $labels.pod }} saw {{ $value }} blocks replaced. One is common, three are not: pause sweeps until transactions are confirmed again."),
        ],
    };
}
