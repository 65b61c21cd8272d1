using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Monitoring.Dashboards.Queries;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>The cluster by zone: what is there, what is used, and what would not fit if a zone died.</summary>
internal static class ClusterDashboard
{
    public const string Uid = "ha-cluster";

    public static Dashboard Of() => new()
    {
        Uid = Uid,
        Title = "Cluster by zone",
        Description = "Nodes, free capacity, quotas, volumes and network paths, by zone.",
        Annotations =
        [
            new Annotation("Nodes not ready", "max by (node) (kube_node_status_condition{condition=\"Ready\",status!=\"true\"} == 1)", "{{node}} is not ready", "red"),
        ],
        Rows = [Zones(), Room(), Pods(), Quotas(), Volumes(), EphemeralStorage(), IngressAndEgress()],
    };

    private static Row Zones() => new("Zones",
    [
        Panel.Stat("Nodes ready", Unit.Count, "By zone. At 0 the cluster has lost the zone.",
            new Target("zone:nodes_ready:count or 0 * zone:nodes:count", "{{zone}}")).Colored(Threshold.Falling(1, 2)).Wide(8),
        Panel.Stat("Nodes not ready", Unit.Count, "By zone.",
            new Target("zone:nodes:count - (zone:nodes_ready:count or 0 * zone:nodes:count)", "{{zone}}")).Colored(Threshold.Rising(1, 2)).Wide(8),
        Panel.Stat("Cordoned nodes", Unit.Count, "Nodes that accept no new pods: cordoned or being drained.",
            new Target("sum(kube_node_spec_unschedulable)", "cordoned")).Colored(Threshold.Rising(1, 3)),
        Panel.Stat("Firing alerts", Unit.Count, "By severity.",
            new Target("count(ALERTS{alertstate=\"firing\",severity=\"critical\"}) or vector(0)", "critical"),
            new Target("count(ALERTS{alertstate=\"firing\",severity=\"warning\"}) or vector(0)", "warning")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Nodes by zone", Unit.Count, "All nodes and ready nodes.",
            new Target("zone:nodes:count", "{{zone}} all"), new Target("zone:nodes_ready:count", "{{zone}} ready")).Wide(12),
        Panel.TimeSeries("Cost of running pods", Unit.UsDollars, "Per hour and namespace, for requested CPU and memory at the assumed prices.",
            new Target("sum by (namespace) (workload:cost_usd:hourly)", "{{namespace}}")).Wide(12),
    ]);

    private static Row Room() => new("Room",
    [
        Panel.BarGauge("CPU left after the loss of the zone", Unit.Cores,
            "Capacity that stays free in the other zones after this zone's pods have moved there. Below 0, that much waits for new nodes. This is an upper bound: node pools, taints and zonal volumes are ignored.",
            new Target(ZoneQueries.FreeAfterZoneLoss("cpu"), "{{zone}}")).Colored(Threshold.Falling(0, 1)).Wide(12),
        Panel.BarGauge("Memory left after the loss of the zone", Unit.Bytes,
            "Capacity that stays free in the other zones after this zone's pods have moved there. Below 0, that much waits for new nodes. This is an upper bound: node pools, taints and zonal volumes are ignored.",
            new Target(ZoneQueries.FreeAfterZoneLoss("memory"), "{{zone}}")).Colored(Threshold.Falling(0, 1e9)).Wide(12),
        Panel.TimeSeries("CPU by zone", Unit.Cores, "Allocatable, requested by pods, and used.",
            new Target(ZoneQueries.Allocatable("cpu"), "{{zone}} allocatable"),
            new Target(ZoneQueries.Requested("cpu"), "{{zone}} requested"),
            new Target(ZoneQueries.UsedCpu(), "{{zone}} used")).Wide(12),
        Panel.TimeSeries("Memory by zone", Unit.Bytes, "Allocatable, requested by pods, and used.",
            new Target(ZoneQueries.Allocatable("memory"), "{{zone}} allocatable"),
            new Target(ZoneQueries.Requested("memory"), "{{zone}} requested"),
            new Target(ZoneQueries.UsedMemory(), "{{zone}} used")).Wide(12),
    ]);

    private static Row Pods() => new("Pods",
    [
        Panel.TimeSeries("Pending pods", Unit.Count, "By namespace.",
            new Target("sum by (namespace) (kube_pod_status_phase{phase=\"Pending\"}) > 0", "{{namespace}}")),
        Panel.TimeSeries("Unschedulable pods", Unit.Count, "Pods for which the scheduler finds no node.",
            new Target("sum by (namespace) (kube_pod_status_unschedulable)", "{{namespace}}")),
        Panel.TimeSeries("Disruptions allowed", Unit.Count, "Pods that may be evicted now, by disruption budget. At 0 a drain waits.",
            new Target(
                "min by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_pod_disruptions_allowed)",
                "{{namespace}}/{{poddisruptionbudget}}")),
    ]);

    private static Row Quotas() => new("Quotas",
    [
        Panel.BarGauge("Quota usage", Unit.Share, "Highest usage by namespace and resource. At 1 the next pod is refused.",
            new Target(
                "topk(20, max by (namespace, resource) (kube_resourcequota{type=\"used\"}) / max by (namespace, resource) (kube_resourcequota{type=\"hard\"} > 0))",
                "{{namespace}} {{resource}}")).Colored(Threshold.Rising(0.8, 0.9)) with { Width = 12, Height = 12 },
        Panel.Table("Quotas", Unit.Count, "Used and hard values of the API server.",
            new Target("max by (namespace, resource) (kube_resourcequota{type=\"used\"})", "used"),
            new Target("max by (namespace, resource) (kube_resourcequota{type=\"hard\"})", "hard")) with { Width = 12, Height = 12 },
    ]);

    private static Row Volumes() => new("Volumes",
    [
        Panel.BarGauge("Volume usage", Unit.Share, "The fullest volumes.",
            new Target(VolumeQueries.FullestOf(""), "{{namespace}}/{{persistentvolumeclaim}}")).Colored(Threshold.Rising(0.8, 0.9)),
        Panel.BarGauge("Days until full", Unit.Days, "At the growth of the last 24 hours. Volumes that do not grow are not shown.",
            new Target(VolumeQueries.FirstFullOf(""), "{{namespace}}/{{persistentvolumeclaim}}")).Colored(Threshold.Falling(4, 14)),
        Panel.Table("Snapshots", Unit.Seconds, "Age of the newest snapshot of each claim.",
            new Target(
                "time() - max by (namespace, claim) (kube_volumesnapshot_creation_time_seconds)",
                "age")).Colored(Threshold.Rising(26 * 3600, 48 * 3600)),
        Panel.TimeSeries(
            "Unbound claims", Unit.Count,
            "A volume is in one zone: a claim stays unbound while its pod cannot be scheduled there.",
            new Target(
                "sum by (namespace, persistentvolumeclaim) (kube_persistentvolumeclaim_status_phase{phase!=\"Bound\"}) > 0",
                "{{namespace}}/{{persistentvolumeclaim}}")).Wide(12),
        Panel.TimeSeries("Backups", Unit.Seconds, "Age of the last successful backup of each schedule.",
            new Target("time() - max by (schedule) (velero_backup_last_successful_timestamp{schedule!=\"\"})", "{{schedule}}")).Wide(12),
    ]);

    private static Row EphemeralStorage() => new("Ephemeral storage",
    [
        Panel.BarGauge("Largest users", Unit.Bytes, "Data that containers write outside volumes: writable layers, logs and emptyDir volumes.",
            new Target("topk(15, max by (pod_namespace, pod_name) (ephemeral_storage_pod_usage))", "{{pod_namespace}}/{{pod_name}}")),
        Panel.BarGauge("Closest to the limit", Unit.Percent, "At 100 the pod is evicted.",
            new Target(
                "topk(15, max by (pod_namespace, pod_name, container) (ephemeral_storage_container_limit_percentage{source=\"container\"}))",
                "{{pod_namespace}}/{{pod_name}} {{container}}")).Colored(Threshold.Rising(70, 85)),
        Panel.BarGauge("Nodes", Unit.Percent, "Usage by node. The kubelet evicts pods from 85 on.",
            new Target(
                "topk(15, 100 * (1 - min by (node_name) (ephemeral_storage_node_available) / max by (node_name) (ephemeral_storage_node_capacity)))",
                "{{node_name}}")).Colored(Threshold.Rising(70, 80)),
    ]);

    private static Row IngressAndEgress() => new("Ingress and egress by zone",
    [
        Panel.TimeSeries("NAT gateways: connections", Unit.Count, "One gateway per zone. At 0 the zone has no connection to the internet.",
            new Target("max by (tag_Name, dimension_NatGatewayId) (aws_natgateway_active_connection_count_maximum)", "{{tag_Name}}")),
        Panel.TimeSeries(
            "NAT gateways: refused and dropped", Unit.Count,
            "Port allocation errors and dropped packets per CloudWatch period. Both should be 0.",
            new Target("sum by (tag_Name, dimension_NatGatewayId) (aws_natgateway_error_port_allocation_sum)", "{{tag_Name}} no port"),
            new Target(
                "sum by (tag_Name, dimension_NatGatewayId) (aws_natgateway_packets_drop_count_sum)",
                "{{tag_Name}} dropped")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("NAT gateways: sent out", Unit.Bytes, "Bytes per CloudWatch period. Paid for by volume.",
            new Target("sum by (tag_Name, dimension_NatGatewayId) (aws_natgateway_bytes_out_to_destination_sum)", "{{tag_Name}}")),
        Panel.TimeSeries(
            "Load balancers: healthy targets", Unit.Count,
            "Minimum of each period, by zone. At 0, DNS stops returning the address of that zone, unless all zones are at 0.",
            new Target(
                "sum by (dimension_LoadBalancer, dimension_AvailabilityZone) (aws_networkelb_healthy_host_count_minimum{dimension_AvailabilityZone!=\"\"})",
                "{{dimension_AvailabilityZone}} {{dimension_LoadBalancer}}")),
        Panel.TimeSeries("Load balancers: unhealthy targets", Unit.Count, "Maximum of each period, by zone.",
            new Target(
                "sum by (dimension_LoadBalancer, dimension_AvailabilityZone) (aws_networkelb_un_healthy_host_count_maximum{dimension_AvailabilityZone!=\"\"})",
                "{{dimension_AvailabilityZone}} {{dimension_LoadBalancer}}")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Sites from outside", Unit.Seconds, "Duration of the probe through the public address. Gaps are failures.",
            new Target("probe_duration_seconds and on (instance) (probe_success == 1)", "{{instance}}")),
    ]);
}
