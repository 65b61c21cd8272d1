namespace HaCluster.Stack.Monitoring.Dashboards.Queries;

/// <summary>Nodes, and what runs on them, by zone.</summary>
internal static class ZoneQueries
{
    // A recording rule, 1 for each node with its zone.
    private const string ZoneOfNode = "node:zone:labels";

    // Completed pods keep their requests in kube-state-metrics, but use no capacity.
    private const string PodIsThere = """max by (namespace, pod) (kube_pod_status_phase{phase=~"Pending|Running"} == 1)""";

    // Every node gets a pod of each DaemonSet: those of a lost zone need no other place.
    private const string PodIsOfDaemonSet = """max by (namespace, pod) (kube_pod_info{created_by_kind="DaemonSet"})""";

    // Nodes that accept pods.
    private const string NodeIsOpen =
        """(max by (node) (kube_node_status_condition{condition="Ready",status="true"} == 1) unless on (node) (kube_node_spec_unschedulable == 1))""";

    /// <param name="resource"><c>cpu</c> in cores or <c>memory</c> in bytes.</param>
    public static string Allocatable(string resource) => ByZone(AllocatableOfNode(resource));

    public static string Requested(string resource) => ByZone(RequestsOfNode(resource, ""));

    /// <summary>Cores that containers use.</summary>
    public static string UsedCpu() => ByZone("""sum by (node) (rate(container_cpu_usage_seconds_total{container!="",image!=""}[$__rate_interval]))""");

    /// <summary>Bytes that containers use and the kernel cannot reclaim.</summary>
    public static string UsedMemory() => ByZone("""sum by (node) (container_memory_working_set_bytes{container!="",image!=""})""");

    /// <summary>
    /// What stays free in the other zones after each zone's pods have moved there; below zero, that much does not fit. An upper bound: pods are
    /// treated as freely divisible; pools, taints and zonal volumes are ignored.
    /// </summary>
    public static string FreeAfterZoneLoss(string resource)
    {
        // Free elsewhere, less what has to move: (A - a) - (R - r) - (r - d) = A - R - a + d, with d of DaemonSets.
        var open = $"({AllocatableOfNode(resource)} and on (node) {NodeIsOpen})";
        return $"scalar(sum({open})) - scalar(sum({RequestsOfNode(resource, "")} and on (node) {NodeIsOpen})) - {ByZone(open)}"
            + $" + ({ByZone($"({RequestsOfNode(resource, $" and on (namespace, pod) {PodIsOfDaemonSet}")} and on (node) {NodeIsOpen})")} or 0 * {ByZone(open)})";
    }

    /// <summary>1 for each pod that the matchers select, with its <c>zone</c>.</summary>
    public static string ZoneOfPods(string matchers) => $"pod:workload:labels{{{matchers}}} * on (node) group_left (zone) {ZoneOfNode}";

    private static string AllocatableOfNode(string resource) => $$"""max by (node) (kube_node_status_allocatable{resource="{{resource}}"})""";

    private static string RequestsOfNode(string resource, string narrowed) =>
        $$"""sum by (node) ((kube_pod_container_resource_requests{resource="{{resource}}",node!=""}{{narrowed}}) * on (namespace, pod) group_left () {{PodIsThere}})""";

    private static string ByZone(string perNode) => $"sum by (zone) ({perNode} * on (node) group_left (zone) {ZoneOfNode})";
}
