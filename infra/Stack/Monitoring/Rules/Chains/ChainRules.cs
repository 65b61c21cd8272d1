namespace HaCluster.Stack.Monitoring.Rules.Chains;

/// <summary>
/// What holds for every chain. The numbers come from the sentinel beside each node, so that one rule fits all clients; the fronts are HAProxy.
/// A node that syncs is expected to be behind and is left out of what measures the distance.
/// </summary>
internal static class ChainRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "chains",
        Alerts =
        [
            ChainAlert.Of(
                "ChainNodeDown",
                "max by (namespace, pod, chain, network, client) (sentinel_node_up) == 0",
                "5m",
                AlertSeverity.Warning,
                "{{ $labels.client }} in {{ $labels.pod }} does not answer",
                "The {{ $labels.chain }} node ({{ $labels.network }}) has not answered its sentinel for 5 minutes."),
            ChainAlert.Of(
                "ChainSentinelMissing",
                """
                max by (namespace, pod) (kube_pod_container_status_running{namespace="chains",container="sentinel"} == 1)
                  unless on (namespace, pod) sentinel_build_info
                """,
                "10m",
                AlertSeverity.Warning,
                "Nothing is known of chain node {{ $labels.pod }}",
                "Its sentinel runs and gives no metrics; none of the chain alerts can fire for it."),
            ChainAlert.Of(
                "ChainNodesFew",
                "sum by (chain, network) (sentinel_ready) < 2 and sum by (chain, network) (sentinel_ready) > 0",
                "5m",
                AlertSeverity.Warning,
                "One {{ $labels.chain }} node ({{ $labels.network }}) is left",
                "One node is ready and none may fail now."),
            ChainAlert.Of(
                "ChainWithoutNodes",
                "sum by (chain, network) (sentinel_ready) == 0",
                "1m",
                AlertSeverity.Critical,
                "No {{ $labels.chain }} node ({{ $labels.network }}) is ready",
                "Nothing can be read from the chain or sent to it; payments stand still."),
            ChainAlert.Of(
                "ChainFailOpen",
                "max by (chain, network) (sentinel_fail_open) == 1",
                "2m",
                AlertSeverity.Critical,
                "All {{ $labels.chain }} nodes ({{ $labels.network }}) are behind",
                "They answer because none is better: what they say is old. The chain stands still, or the nodes have lost it."),
            ChainAlert.Of(
                "ChainNodeSyncsLong",
                "max by (namespace, pod, chain, network, client) (sentinel_syncing) == 1",
                "1d",
                AlertSeverity.Warning,
                "{{ $labels.pod }} has been syncing for a day",
                "A new replica starts from a snapshot and catches up within hours. This one began from nothing, or falls behind as fast as it syncs."),
            ChainAlert.Of(
                "ChainForked",
                "max by (chain, network) (sentinel_hash_divergence) == 1",
                "15m",
                AlertSeverity.Critical,
                "{{ $labels.chain }} nodes ({{ $labels.network }}) follow different branches",
                "For 15 minutes two nodes have had different blocks three below the head. One client has a bug, or one node is cut off: "
                    + "money that one of them confirms may not be there."),
            ChainAlert.Of(
                "ChainRpcBackendsFew",
                """
                min by (namespace, proxy) (sum by (namespace, pod, proxy) (haproxy_server_status{namespace="chains",state="UP"})) == 1
                """,
                "5m",
                AlertSeverity.Warning,
                "The front {{ $labels.proxy }} has one node left",
                "One node takes all calls of {{ $labels.proxy }} and none may fail now."),
            ChainAlert.Of(
                "ChainRpcBackendsNone",
                """
                min by (namespace, proxy) (sum by (namespace, pod, proxy) (haproxy_server_status{namespace="chains",state="UP"})) == 0
                """,
                "1m",
                AlertSeverity.Critical,
                "The front {{ $labels.proxy }} has no node left",
                "Calls to {{ $labels.proxy }} are refused."),
        ],
    };
}
