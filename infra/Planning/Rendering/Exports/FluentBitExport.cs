using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Rendering.Exports;

/// <summary>
/// Fluent Bit's configuration from the values of its chart, composed as the chart's template does
/// (https://github.com/fluent/helm-charts/blob/main/charts/fluent-bit/templates/configmap.yaml).
/// </summary>
internal static class FluentBitExport
{
    public const string Folder = "fluent-bit/";

    private const string Chart = "fluent-bit";

    private static readonly string[] Sections = ["service", "inputs", "filters", "outputs"];

    // Values whose keys are names of further configuration files.
    private static readonly string[][] Attachments = [["config", "upstream"], ["config", "extraFiles"], ["luaScripts"]];

    public static IEnumerable<RenderedFile> Of(IEnumerable<HelmRelease> releases)
    {
        var shippers = releases.Where(release => release.IsOf(Chart)).ToList();
        foreach (var release in shippers)
        {
            var folder = shippers.Count == 1 ? Folder : $"{Folder}{FileNames.Safe($"{release.Namespace}-{release.Name}")}/";
            foreach (var (name, text) in Files(release))
                yield return new RenderedFile(folder + FileNames.Safe(name), text);
        }
    }

    private static IEnumerable<(string Name, string Text)> Files(HelmRelease release)
    {
        var sections = Sections.Select(section => release.Values.At("config", section).Text()).OfType<string>().ToList();
        if (sections.Count > 0)
            yield return ("fluent-bit.conf", string.Join('\n', sections.Select(section => section.TrimEnd('\n') + "\n")));
        if (release.Values.At("config", "customParsers").Text() is { } parsers)
            yield return ("custom_parsers.conf", parsers);
        foreach (var (name, file) in Attachments.SelectMany(path => release.Values.At(path).Entries()))
        {
            if (file.Text() is { } text)
                yield return (name, text);
        }
    }
}
