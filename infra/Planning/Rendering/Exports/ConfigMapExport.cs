namespace HaCluster.Planning.Rendering.Exports;

/// <summary>All other config maps, as the files that their containers see, so that the programs that read them can check them.</summary>
internal static class ConfigMapExport
{
    public const string Folder = "configs/";

    public static IEnumerable<RenderedFile> Of(IEnumerable<KubernetesObject> objects)
    {
        var configMaps = ConfigMaps.Of(objects).Where(configMap => !ConfigMaps.IsDashboard(configMap));
        foreach (var named in configMaps.GroupBy(FolderOf, StringComparer.Ordinal))
        {
            var isShared = named.Select(configMap => configMap.Namespace).Distinct(StringComparer.Ordinal).Count() > 1;
            foreach (var configMap in named)
            {
                // No namespace has a dot, so this tells apart a-b/c and a/b-c.
                var folder = isShared ? FileNames.Safe($"{configMap.Namespace}.{configMap.Name}") : named.Key;
                foreach (var (key, text) in ConfigMaps.Data(configMap))
                    yield return new RenderedFile($"{Folder}{folder}/{FileNames.Safe(key)}", text);
            }
        }
    }

    private static string FolderOf(KubernetesObject configMap) =>
        FileNames.Safe(configMap.Namespace is null ? configMap.Name : $"{configMap.Namespace}-{configMap.Name}");
}
