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
            // A call that the node understood and refused is left out: a method or a block that this client does not have.
            ChainAlert.Of(
                "ChainNodeCallsFail",
                """
                (
                    sum by (namespace, pod, chain, network, client) (rate(sentinel_rpc_errors_total{fault!="refused"}[10m]))
                      / sum by (namespace, pod, chain, network, client) (rate(sentinel_poll_seconds_count[10m]))
                ) > 0.05
                  unless on (namespace, pod) sentinel_node_up == 0
                """,
                "10m",
                AlertSeverity.Warning,
                "Calls to {{ $labels.client }} in {{ $labels.pod }} fail",
                "{{ $value | humanizePercentage }} of the sentinel's calls to the node, or to its consensus client, fail. Clients of the node see the same errors."),

            // In its first synchronisation a node fills the volume faster than it ever will again.
            ChainAlert.Of(
                "ChainVolumeFillsSoon",
                """
                86400 * min by (namespace, pod, chain, network, client) (sentinel_volume_days_until_full) < 1209600
                  and on (namespace, pod) sentinel_volume_free_bytes / sentinel_volume_bytes < 0.4
                  unless on (namespace, pod) sentinel_syncing == 1
                """,
                "1h",
                AlertSeverity.Warning,
                "The volume of {{ $labels.pod }} is full within two weeks",
                "At the growth of the last day it is full in {{ $value | humanizeDuration }}. geth stops itself shortly before; btcd and reth break off in the middle of a write."),
            ChainAlert.Of(
                "ChainCertificateExpiresInAWeek",
                """
                86400 * min by (namespace, pod, chain, network, client) (sentinel_certificate_days_until_end) < 604800
                  and on (namespace, pod) sentinel_certificate_days_until_end >= 1
                """,
                "1h",
                AlertSeverity.Warning,
                "{{ $labels.pod }} serves a certificate that expires within a week",
                "It expires in {{ $value | humanizeDuration }}. It was renewed a month before its end, or should have been, and the node was not restarted since."),
            ChainAlert.Of(
                "ChainCertificateExpiresInADay",
                """
                86400 * min by (namespace, pod, chain, network, client) (sentinel_certificate_days_until_end) < 86400
                """,
                "0m",
                AlertSeverity.Critical,
                "{{ $labels.pod }} serves a certificate that expires within a day",
                "It expires in {{ $value | humanizeDuration }}; from then on the front and the sentinel refuse the node. The other nodes have the same certificate."),
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
