namespace HaCluster.Stack.Monitoring.Rules.Chains;

/// <summary>
/// Rules for every chain. The metrics come from the sentinel of each node, so one rule fits all clients; the fronts are HAProxy.
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
                "Chain node {{ $labels.pod }} is not monitored",
                "Its sentinel runs, but Prometheus gets no metrics from it: no chain alert can fire for this node."),
            ChainAlert.Of(
                "ChainNodesFew",
                "sum by (chain, network) (sentinel_ready) < 2 and sum by (chain, network) (sentinel_ready) > 0",
                "5m",
                AlertSeverity.Warning,
                "Only one {{ $labels.chain }} node ({{ $labels.network }}) is ready",
                "The next failure is an outage."),
            ChainAlert.Of(
                "ChainWithoutNodes",
                "sum by (chain, network) (sentinel_ready) == 0",
                "1m",
                AlertSeverity.Critical,
                "No {{ $labels.chain }} node ({{ $labels.network }}) is ready",
                "The chain can be neither read nor written: payments have stopped."),
            ChainAlert.Of(
                "ChainFailOpen",
                "max by (chain, network) (sentinel_fail_open) == 1",
                "2m",
                AlertSeverity.Critical,
                "All {{ $labels.chain }} nodes ({{ $labels.network }}) are behind",
                "They still serve, because no node is better, but their data is old. The chain has stopped, or the nodes are cut off from it."),
            ChainAlert.Of(
                "ChainNodeSyncsLong",
                "max by (namespace, pod, chain, network, client) (sentinel_syncing) == 1",
                "1d",
                AlertSeverity.Warning,
                "{{ $labels.pod }} has been syncing for a day",
                "A new replica starts from a snapshot and catches up within hours. This one started without a snapshot, or does not sync fast enough."),
            ChainAlert.Of(
                "ChainForked",
                "max by (chain, network) (sentinel_hash_divergence) == 1",
                "15m",
                AlertSeverity.Critical,
                "{{ $labels.chain }} nodes ({{ $labels.network }}) follow different branches",
                "Two nodes have had different blocks three below the head for 15 minutes. One client has a bug, or one node is cut off: "
                    + "a payment that one of them confirms may not exist."),
            ChainAlert.Of(
                "ChainRpcBackendsFew",
                """
                min by (namespace, proxy) (sum by (namespace, pod, proxy) (haproxy_server_status{namespace="chains",state="UP"})) == 1
                """,
                "5m",
                AlertSeverity.Warning,
                "Front {{ $labels.proxy }} has only one node left",
                "One node takes all calls of {{ $labels.proxy }}: the next failure is an outage."),
            ChainAlert.Of(
                "ChainRpcBackendsNone",
                """
                min by (namespace, proxy) (sum by (namespace, pod, proxy) (haproxy_server_status{namespace="chains",state="UP"})) == 0
                """,
                "1m",
                AlertSeverity.Critical,
                "Front {{ $labels.proxy }} has no node left",
                "All calls to {{ $labels.proxy }} fail."),
        ],
    };
}
