using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Workloads;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>
/// Grafana, as values of kube-prometheus-stack, whose sub-chart it is
/// (https://github.com/grafana-community/helm-charts/blob/main/charts/grafana/values.yaml). It has no state: data sources and dashboards come from
/// ConfigMaps, so that all replicas are equal and need neither volume nor database. Changes made in the UI are lost with the pod.
/// </summary>
public static class GrafanaValues
{
    private const int Replicas = 2;

    public static Dictionary<string, object> Of(MonitoringLinks links, int zones) => new()
    {
        ["replicas"] = Replicas,
        // With the keys that the chart looks for by itself: admin-user and admin-password.
        ["admin"] = new Dictionary<string, object> { ["existingSecret"] = MonitoringNames.GrafanaLogin },
        ["persistence"] = new Dictionary<string, object> { ["enabled"] = false },
        ["grafana.ini"] = new Dictionary<string, object>
        {
            ["server"] = new Dictionary<string, object> { ["root_url"] = links.Grafana },
            ["auth.anonymous"] = new Dictionary<string, object> { ["enabled"] = false },
            ["users"] = new Dictionary<string, object> { ["allow_sign_up"] = false },
            ["analytics"] = new Dictionary<string, object> { ["reporting_enabled"] = false, ["check_for_updates"] = false, ["check_for_plugin_updates"] = false },
            // Alerts are Prometheus rules: one place to define them, one path for notifications.
            ["unified_alerting"] = new Dictionary<string, object> { ["enabled"] = false },
        },
        // A login is known to the replica that it was made at.
        ["service"] = new Dictionary<string, object> { ["sessionAffinity"] = "ClientIP" },
        ["sidecar"] = new Dictionary<string, object>
        {
            ["resources"] = MonitoringSizes.GrafanaSidecar.Values(),
            ["dashboards"] = new Dictionary<string, object> { ["searchNamespace"] = ClusterNamespaces.Monitoring },
        },
        ["resources"] = MonitoringSizes.Grafana.Values(),
        ["podDisruptionBudget"] = new Dictionary<string, object> { ["maxUnavailable"] = 1 },
        ["topologySpreadConstraints"] = ZoneSpread.Of(zones, ("app.kubernetes.io/name", "grafana")).Values(),
        ["testFramework"] = new Dictionary<string, object> { ["enabled"] = false },
    };
}
