using System.Text.Json.Nodes;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>Where every query goes: the Prometheus that a person chose above the dashboard.</summary>
internal static class DataSource
{
    public const string Variable = "datasource";
    public const string Type = "prometheus";

    /// <summary>Name of the one that is chosen at first: what kube-prometheus-stack calls its own
    /// (https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml, grafana.sidecar.datasources).</summary>
    public const string Default = "Prometheus";

    public const string DefaultUid = "prometheus";

    public static JsonObject Chosen() => new() { ["type"] = Type, ["uid"] = "${" + Variable + "}" };
}
