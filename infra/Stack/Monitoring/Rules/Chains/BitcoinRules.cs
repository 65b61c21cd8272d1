namespace HaCluster.Stack.Monitoring.Rules.Chains;

/// <summary>Bitcoin: blocks come every ten minutes on average, and rarely two hours apart.</summary>
internal static class BitcoinRules
{
    private const string NewestTip = """
        time() - max by (chain, network) (sentinel_head_timestamp_seconds{chain="bitcoin"})
        """;

    public static RuleGroup Group { get; } = new()
    {
        Name = "bitcoin",
        Alerts =
        [
            ChainAlert.Of(
                "BitcoinTipOld",
                $"{NewestTip} > 3600",
                "0m",
                AlertSeverity.Warning,
                "No Bitcoin block ({{ $labels.network }}) for an hour",
                "The newest block of all nodes is {{ $value | humanizeDuration }} old. By chance this happens every few days."),
            ChainAlert.Of(
                "BitcoinTipVeryOld",
                $"{NewestTip} > 7200",
                "0m",
                AlertSeverity.Critical,
                "No Bitcoin block ({{ $labels.network }}) for two hours",
                "The newest block of all nodes is {{ $value | humanizeDuration }} old. This is very rare by chance: the nodes are probably cut off."),
            ChainAlert.Of(
                "BitcoinNodeBehind",
                """
                (max by (chain, network) (sentinel_head_height{chain="bitcoin"})
                  - on (chain, network) group_right () sentinel_head_height{chain="bitcoin"}) > 2
                  unless on (namespace, pod) (sentinel_syncing == 1)
                """,
                "15m",
                AlertSeverity.Critical,
                "{{ $labels.pod }} is behind the other Bitcoin nodes",
                "It is {{ $value | humanize }} blocks below its highest sibling. The front no longer sends calls to it."),
            ChainAlert.Of(
                "BitcoinPeersFew",
                """
                min by (namespace, pod, network) (sentinel_peers{chain="bitcoin"}) < 4
                """,
                "10m",
                AlertSeverity.Warning,
                "{{ $labels.pod }} has {{ $value }} peers",
                "8 outbound peers are normal. With few peers the node receives blocks late, and a single owner could control what it sees."),
            ChainAlert.Of(
                "BitcoinReorganised",
                """
                sentinel_last_reorg_depth{chain="bitcoin"} >= 2 and on (namespace, pod) increase(sentinel_reorgs_total[15m]) > 0
                """,
                "0m",
                AlertSeverity.Critical,
                "Bitcoin ({{ $labels.network }}) replaced {{ $value }} blocks",
                "{{ $labels.pod }} saw {{ $value }} blocks replaced. Payments in these blocks may be lost: pause sweeps until they are confirmed again."),
        ],
    };
}
