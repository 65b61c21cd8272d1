using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>Exporters of node and object metrics, as values of kube-prometheus-stack and of its sub-charts.</summary>
public static class ExporterValues
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";
    private const string NodeExporterAccount = "node-exporter";

    /// <summary>What the node exporter needs of its node: the chart mounts these, and shares the network and the processes, to measure both.</summary>
    public static readonly NodeAgent OnNode = new(ClusterNamespaces.Monitoring, NodeExporterAccount) { Reads = ["/", "/proc", "/sys"], SharesNode = true };

    /// <summary>
    /// One copy: two would count everything twice. It keeps nothing, and starts elsewhere within a minute or two.
    /// https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-state-metrics/values.yaml
    /// </summary>
    public static Dictionary<string, object> KubeStateMetrics() => new()
    {
        ["resources"] = MonitoringSizes.KubeStateMetrics.Values(),
        ["priorityClassName"] = PriorityClasses.High,
        ["metricLabelsAllowlist"] = new[]
        {
            $"nodes=[{ZoneLabel},node.kubernetes.io/instance-type,{NodePool.Label}]",
            "pods=[app.kubernetes.io/name,app.kubernetes.io/instance]",
            "deployments=[app.kubernetes.io/name,app.kubernetes.io/version]",
        },
        ["customResourceState"] = new Dictionary<string, object> { ["enabled"] = true, ["config"] = Snapshots() },
        ["rbac"] = new Dictionary<string, object>
        {
            ["extraRules"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["apiGroups"] = new[] { "snapshot.storage.k8s.io" },
                    ["resources"] = new[] { "volumesnapshots" },
                    ["verbs"] = new[] { "list", "watch" },
                },
            },
        },
    };

    /// <summary>https://github.com/prometheus-community/helm-charts/blob/main/charts/prometheus-node-exporter/values.yaml</summary>
    public static Dictionary<string, object> NodeExporter() => new()
    {
        ["resources"] = MonitoringSizes.NodeExporter.Values(),
        ["serviceAccount"] = new Dictionary<string, object> { ["name"] = NodeExporterAccount },
        ["priorityClassName"] = PriorityClasses.High,
        ["tolerations"] = new[] { new Dictionary<string, object> { ["operator"] = "Exists" } },
        ["prometheus"] = new Dictionary<string, object>
        {
            ["monitor"] = new Dictionary<string, object> { ["attachMetadata"] = Attached(), ["relabelings"] = new[] { Zone(), Node() } },
        },
    };

    /// <summary>Metrics of the kubelet and of containers carry the zone of their node.</summary>
    public static Dictionary<string, object> Kubelet() => new()
    {
        ["serviceMonitor"] = new Dictionary<string, object>
        {
            ["attachMetadata"] = Attached(),
            ["relabelings"] = new[] { MetricsPath(), Zone() },
            ["cAdvisorRelabelings"] = new[] { MetricsPath(), Zone() },
        },
    };

    private static Dictionary<string, object> Attached() => new() { ["node"] = true };

    // A meta label has an underscore for every character that is not a letter or digit.
    private static Dictionary<string, object> Zone() => new()
    {
        ["sourceLabels"] = new[] { "__meta_kubernetes_node_label_topology_kubernetes_io_zone" },
        ["targetLabel"] = "zone",
    };

    private static Dictionary<string, object> Node() => new()
    {
        ["sourceLabels"] = new[] { "__meta_kubernetes_pod_node_name" },
        ["targetLabel"] = "node",
    };

    // The chart's own, which a list of ours replaces.
    private static Dictionary<string, object> MetricsPath() => new()
    {
        ["action"] = "replace",
        ["sourceLabels"] = new[] { "__metrics_path__" },
        ["targetLabel"] = "metrics_path",
    };

    // https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/extend/customresourcestate-metrics.md
    private static Dictionary<string, object> Snapshots() => new()
    {
        ["kind"] = "CustomResourceStateMetrics",
        ["spec"] = new Dictionary<string, object>
        {
            ["resources"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["groupVersionKind"] = new Dictionary<string, object> { ["group"] = "snapshot.storage.k8s.io", ["version"] = "v1", ["kind"] = "VolumeSnapshot" },
                    ["metricNamePrefix"] = "kube_volumesnapshot",
                    ["labelsFromPath"] = new Dictionary<string, object>
                    {
                        ["namespace"] = new[] { "metadata", "namespace" },
                        ["volumesnapshot"] = new[] { "metadata", "name" },
                        ["claim"] = new[] { "spec", "source", "persistentVolumeClaimName" },
                    },
                    ["metrics"] = new[]
                    {
                        Gauge("creation_time_seconds", "Time at which the snapshot was taken", "status", "creationTime"),
                        Gauge("ready", "Whether a volume can be created from the snapshot", "status", "readyToUse"),
                    },
                },
            },
        },
    };

    private static Dictionary<string, object> Gauge(string name, string help, params string[] path) => new()
    {
        ["name"] = name,
        ["help"] = help,
        ["each"] = new Dictionary<string, object>
        {
            ["type"] = "Gauge",
            // Without it a snapshot that is being taken, and so has no time yet, would be an error every half minute.
            ["gauge"] = new Dictionary<string, object> { ["path"] = path, ["nilIsZero"] = true },
        },
    };
}
