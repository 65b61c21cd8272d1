using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Rendering.Exports;

/// <summary>Reading config maps among Kubernetes objects.</summary>
internal static class ConfigMaps
{
    // The label that Grafana's sidecar of kube-prometheus-stack looks for
    // (https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml, grafana.sidecar.dashboards.label).
    private const string DashboardLabel = "grafana_dashboard";

    public static IEnumerable<KubernetesObject> Of(IEnumerable<KubernetesObject> objects) =>
        objects.Where(subject => subject is { ApiVersion: "v1", Kind: "ConfigMap" });

    public static bool IsDashboard(KubernetesObject configMap) => configMap.Content.At("metadata", "labels", DashboardLabel).Text() is not null;

    /// <summary>Its keys and values; values in <c>data</c> are always strings.</summary>
    public static IEnumerable<(string Key, string Text)> Data(KubernetesObject configMap) =>
        from entry in configMap.Content.At("data").Entries()
        where entry.Value is PropertyValue.Text
        select (entry.Key, ((PropertyValue.Text)entry.Value).Value);
}

/// <summary>The dashboards as Grafana imports them, one file each.</summary>
internal static class DashboardExport
{
    public const string Folder = "grafana/";

    public static IEnumerable<RenderedFile> Of(IEnumerable<KubernetesObject> objects) =>
        from configMap in ConfigMaps.Of(objects)
        where ConfigMaps.IsDashboard(configMap)
        from entry in ConfigMaps.Data(configMap)
        select new RenderedFile(Folder + FileNames.Safe(entry.Key), entry.Text);
}
