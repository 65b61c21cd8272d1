namespace HaCluster.Planning.Rendering.Exports;

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
