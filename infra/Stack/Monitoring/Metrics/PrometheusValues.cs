using System.Globalization;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Stack.Storage;
using HaCluster.Stack.Workloads;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>
/// Prometheus and its operator, as values of kube-prometheus-stack
/// (https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml).
/// </summary>
public static class PrometheusValues
{
    public static Dictionary<string, object> Prometheus(MonitoringSettings settings, string cluster, int zones) => new()
    {
        ["podDisruptionBudget"] = new Dictionary<string, object> { ["enabled"] = true, ["minAvailable"] = MonitoringSettings.PrometheusReplicas - 1 },
        // Both replicas answer, and their samples differ by seconds: a person who looks at a graph stays with one.
        ["service"] = new Dictionary<string, object> { ["sessionAffinity"] = "ClientIP" },
        ["prometheusSpec"] = Spec(settings, cluster, zones),
    };

    public static Dictionary<string, object> Operator() => new()
    {
        ["resources"] = MonitoringSizes.Operator.Values(),
        ["prometheusConfigReloader"] = new Dictionary<string, object> { ["resources"] = MonitoringSizes.Small.Values() },
        ["admissionWebhooks"] = new Dictionary<string, object>
        {
            // A rule that cannot be checked while the operator starts is not worth a failed release: Prometheus refuses it by itself.
            ["failurePolicy"] = "Ignore",
            ["patch"] = new Dictionary<string, object> { ["resources"] = MonitoringSizes.Small.Values() },
        },
    };

    private static Dictionary<string, object> Spec(MonitoringSettings settings, string cluster, int zones)
    {
        var prometheus = settings.Prometheus;
        var interval = string.Create(CultureInfo.InvariantCulture, $"{prometheus.ScrapeSeconds}s");
        return new Dictionary<string, object>
        {
            ["replicas"] = MonitoringSettings.PrometheusReplicas,
            ["scrapeInterval"] = interval,
            ["evaluationInterval"] = interval,
            ["externalLabels"] = new Dictionary<string, object> { ["cluster"] = cluster },
            ["externalUrl"] = settings.Links.Prometheus,
            ["retention"] = string.Create(CultureInfo.InvariantCulture, $"{prometheus.RetentionDays}d"),
            ["retentionSize"] = string.Create(CultureInfo.InvariantCulture, $"{prometheus.RetentionMebiBytes}MiB"),
            // Every monitor, probe and rule of every namespace; by default the chart takes only its own.
            ["serviceMonitorSelectorNilUsesHelmValues"] = false,
            ["podMonitorSelectorNilUsesHelmValues"] = false,
            ["probeSelectorNilUsesHelmValues"] = false,
            ["scrapeConfigSelectorNilUsesHelmValues"] = false,
            ["ruleSelectorNilUsesHelmValues"] = false,
            ["resources"] = MonitoringSizes.Prometheus(prometheus).Values(),
            ["priorityClassName"] = PriorityClasses.High,
            ["nodeSelector"] = StatefulNodes.NodeSelectorValues(),
            ["tolerations"] = StatefulNodes.TolerationValues(),
            ["topologySpreadConstraints"] = ZoneSpread.Required(zones, ("app.kubernetes.io/instance", MonitoringNames.Prometheus)).Values(),
            ["storageSpec"] = new Dictionary<string, object> { ["volumeClaimTemplate"] = Claim(prometheus.Volume.ToString()) },
        };
    }

    /// <summary>A volume for each replica.</summary>
    internal static Dictionary<string, object> Claim(string size) => new()
    {
        ["spec"] = new Dictionary<string, object>
        {
            ["storageClassName"] = StorageClasses.General,
            ["accessModes"] = new[] { "ReadWriteOnce" },
            ["resources"] = new Dictionary<string, object> { ["requests"] = new Dictionary<string, object> { ["storage"] = size } },
        },
    };
}
