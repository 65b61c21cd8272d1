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
        Description = "Nodes, room, quotas, volumes and ways out, by zone.",
        Annotations =
        [
            new Annotation("Nodes not ready", "max by (node) (kube_node_status_condition{condition=\"Ready\",status!=\"true\"} == 1)", "{{node}} is not ready", "red"),
        ],
        Rows = [Zones(), Room(), Pods(), Quotas(), Volumes(), EphemeralStorage(), WaysOut()],
    };

    private static Row Zones() => new("Zones",
    [
        Panel.Stat("Nodes ready", Unit.Count, "By zone. A zone that shows 0 is lost, for the cluster.",
            new Target("zone:nodes_ready:count or 0 * zone:nodes:count", "{{zone}}")).Colored(Threshold.Falling(1, 2)).Wide(8),
        Panel.Stat("Nodes not ready", Unit.Count, "By zone.",
            new Target("zone:nodes:count - (zone:nodes_ready:count or 0 * zone:nodes:count)", "{{zone}}")).Colored(Threshold.Rising(1, 2)).Wide(8),
        Panel.Stat("Does not accept pods", Unit.Count, "Nodes that are cordoned or being drained.",
            new Target("sum(kube_node_spec_unschedulable)", "cordoned")).Colored(Threshold.Rising(1, 3)),
        Panel.Stat("Firing alerts", Unit.Count, "Critical ones, and warnings.",
            new Target("count(ALERTS{alertstate=\"firing\",severity=\"critical\"}) or vector(0)", "critical"),
            new Target("count(ALERTS{alertstate=\"firing\",severity=\"warning\"}) or vector(0)", "warning")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Nodes by zone", Unit.Count, "Solid: all; ready ones beside them.",
            new Target("zone:nodes:count", "{{zone}} all"), new Target("zone:nodes_ready:count", "{{zone}} ready")).Wide(12),
        Panel.TimeSeries("Cost of what runs", Unit.UsDollars, "An hour, for requested processor and memory at the assumed prices, by namespace.",
            new Target("sum by (namespace) (workload:cost_usd:hourly)", "{{namespace}}")).Wide(12),
    ]);

    private static Row Room() => new("Room",
    [
        Panel.BarGauge("Processor left if the zone died", Unit.Cores,
            "What stays free in the other zones after this zone's pods have moved there. Below 0 that much waits until nodes come. An upper bound: pools, taints and zonal volumes are not counted.",
            new Target(ZoneQueries.RoomAfterLossOf("cpu"), "{{zone}}")).Colored(Threshold.Falling(0, 1)).Wide(12),
        Panel.BarGauge("Memory left if the zone died", Unit.Bytes,
            "What stays free in the other zones after this zone's pods have moved there. Below 0 that much waits until nodes come. An upper bound: pools, taints and zonal volumes are not counted.",
            new Target(ZoneQueries.RoomAfterLossOf("memory"), "{{zone}}")).Colored(Threshold.Falling(0, 1e9)).Wide(12),
        Panel.TimeSeries("Processor by zone", Unit.Cores, "Allocatable, requested by pods, and used.",
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
        Panel.TimeSeries("Waiting", Unit.Count, "Pods that are pending, by namespace.",
            new Target("sum by (namespace) (kube_pod_status_phase{phase=\"Pending\"}) > 0", "{{namespace}}")),
        Panel.TimeSeries("No place", Unit.Count, "Pods for which the scheduler finds no node.",
            new Target("sum by (namespace) (kube_pod_status_unschedulable)", "{{namespace}}")),
        Panel.TimeSeries("Disruptions allowed", Unit.Count, "How many pods of each budget may go at once; at 0 a drain waits.",
            new Target(
                "min by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_pod_disruptions_allowed)",
                "{{namespace}}/{{poddisruptionbudget}}")),
    ]);

    private static Row Quotas() => new("Quotas",
    [
        Panel.BarGauge("Used of quota", Unit.Share, "The fullest, by namespace and resource. At 1 the next pod is refused.",
            new Target(
                "topk(20, max by (namespace, resource) (kube_resourcequota{type=\"used\"}) / max by (namespace, resource) (kube_resourcequota{type=\"hard\"} > 0))",
                "{{namespace}} {{resource}}")).Colored(Threshold.Rising(0.8, 0.9)) with { Width = 12, Height = 12 },
        Panel.Table("Quotas", Unit.Count, "Used and hard, as the API server counts.",
            new Target("max by (namespace, resource) (kube_resourcequota{type=\"used\"})", "used"),
            new Target("max by (namespace, resource) (kube_resourcequota{type=\"hard\"})", "hard")) with { Width = 12, Height = 12 },
    ]);

    private static Row Volumes() => new("Volumes",
    [
        Panel.BarGauge("Used of volume", Unit.Share, "The fullest.",
            new Target(VolumeQueries.FullestOf(""), "{{namespace}}/{{persistentvolumeclaim}}")).Colored(Threshold.Rising(0.8, 0.9)),
        Panel.BarGauge("Days until full", Unit.Days, "At the speed of the last 24 hours; volumes that do not grow are not here.",
            new Target(VolumeQueries.FirstFullOf(""), "{{namespace}}/{{persistentvolumeclaim}}")).Colored(Threshold.Falling(4, 14)),
        Panel.Table("Snapshots", Unit.Seconds, "Age of the newest snapshot of each claim.",
            new Target(
                "time() - max by (namespace, claim) (kube_volumesnapshot_creation_time_seconds)",
                "age")).Colored(Threshold.Rising(26 * 3600, 48 * 3600)),
        Panel.TimeSeries(
            "Claims that are not bound", Unit.Count,
            "A volume lives in one zone: a claim waits when the pod that wants it has no place there.",
            new Target(
                "sum by (namespace, persistentvolumeclaim) (kube_persistentvolumeclaim_status_phase{phase!=\"Bound\"}) > 0",
                "{{namespace}}/{{persistentvolumeclaim}}")).Wide(12),
        Panel.TimeSeries("Backups", Unit.Seconds, "Since the last good backup of each schedule.",
            new Target("time() - max by (schedule) (velero_backup_last_successful_timestamp{schedule!=\"\"})", "{{schedule}}")).Wide(12),
    ]);

    private static Row EphemeralStorage() => new("Ephemeral storage",
    [
        Panel.BarGauge("Pods that use most", Unit.Bytes, "What containers write outside of volumes: their layers, logs and empty directories.",
            new Target("topk(15, max by (pod_namespace, pod_name) (ephemeral_storage_pod_usage))", "{{pod_namespace}}/{{pod_name}}")),
        Panel.BarGauge("Nearest to their limit", Unit.Percent, "At 100 a pod is evicted.",
            new Target(
                "topk(15, max by (pod_namespace, pod_name, container) (ephemeral_storage_container_limit_percentage{source=\"container\"}))",
                "{{pod_namespace}}/{{pod_name}} {{container}}")).Colored(Threshold.Rising(70, 85)),
        Panel.BarGauge("Nodes", Unit.Percent, "Used of each node. The kubelet evicts from 85 on.",
            new Target(
                "topk(15, 100 * (1 - min by (node_name) (ephemeral_storage_node_available) / max by (node_name) (ephemeral_storage_node_capacity)))",
                "{{node_name}}")).Colored(Threshold.Rising(70, 80)),
    ]);

    private static Row WaysOut() => new("Ways in and out, by zone",
    [
        Panel.TimeSeries("NAT gateways: connections", Unit.Count, "One gateway a zone: when one shows none, its zone has no way out.",
            new Target("max by (tag_Name, dimension_NatGatewayId) (aws_natgateway_active_connection_count_maximum)", "{{tag_Name}}")),
        Panel.TimeSeries(
            "NAT gateways: refused and dropped", Unit.Count,
            "Ports that could not be had, and packets dropped, a period of CloudWatch. Both should be 0.",
            new Target("sum by (tag_Name, dimension_NatGatewayId) (aws_natgateway_error_port_allocation_sum)", "{{tag_Name}} no port"),
            new Target(
                "sum by (tag_Name, dimension_NatGatewayId) (aws_natgateway_packets_drop_count_sum)",
                "{{tag_Name}} dropped")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("NAT gateways: sent out", Unit.Bytes, "A period of CloudWatch. Paid for by volume.",
            new Target("sum by (tag_Name, dimension_NatGatewayId) (aws_natgateway_bytes_out_to_destination_sum)", "{{tag_Name}}")),
        Panel.TimeSeries(
            "Load balancers: healthy targets", Unit.Count,
            "The least of each period, by zone. 0 in one zone: DNS takes that zone out, unless all show 0.",
            new Target(
                "sum by (dimension_LoadBalancer, dimension_AvailabilityZone) (aws_networkelb_healthy_host_count_minimum{dimension_AvailabilityZone!=\"\"})",
                "{{dimension_AvailabilityZone}} {{dimension_LoadBalancer}}")),
        Panel.TimeSeries("Load balancers: unhealthy targets", Unit.Count, "The most of each period, by zone.",
            new Target(
                "sum by (dimension_LoadBalancer, dimension_AvailabilityZone) (aws_networkelb_un_healthy_host_count_maximum{dimension_AvailabilityZone!=\"\"})",
                "{{dimension_AvailabilityZone}} {{dimension_LoadBalancer}}")).Colored(Threshold.BadFrom(1)),
        Panel.TimeSeries("Sites from outside", Unit.Seconds, "How long the check through the public address takes; gaps are failures.",
            new Target("probe_duration_seconds and on (instance) (probe_success == 1)", "{{instance}}")),
    ]);
}
