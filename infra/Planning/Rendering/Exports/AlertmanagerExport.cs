using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Rendering.Exports;

/// <summary>
/// Alertmanager's configuration and templates from the values of kube-prometheus-stack, for <c>amtool</c> and a local Alertmanager.
/// The secrets that it reads are files and not included.
/// </summary>
internal static class AlertmanagerExport
{
    public const string Folder = "alertmanager/";

    private const string Chart = "kube-prometheus-stack";

    public static IEnumerable<RenderedFile> Of(IEnumerable<HelmRelease> releases) =>
        releases.Where(release => release.IsOf(Chart)).SelectMany(Of);

    private static IEnumerable<RenderedFile> Of(HelmRelease release)
    {
        if (release.Values.At("alertmanager", "config") is PropertyValue.Map { Entries.IsEmpty: false } config)
            yield return new RenderedFile(Folder + "alertmanager.yaml", YamlWriter.Write(config.Entries));
        foreach (var (name, template) in release.Values.At("alertmanager", "templateFiles").Entries())
        {
            if (template.Text() is { } text)
                yield return new RenderedFile(Folder + FileNames.Safe(name), text);
        }
    }
}
