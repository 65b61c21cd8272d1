using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Rendering;

/// <summary>A Helm release of the program: its chart and values.</summary>
/// <param name="Repository">Null for a chart of an OCI registry or a local path, which <paramref name="Chart"/> then names.</param>
public sealed record HelmRelease(
    string Name,
    string Namespace,
    string Chart,
    string? Version,
    string? Repository,
    ImmutableSortedDictionary<string, PropertyValue> Values,
    bool HasWithheldSecrets,
    string Urn)
{
    private const string ReleaseType = "kubernetes:helm.sh/v3:Release";

    /// <summary>Whether it installs the chart of this name, whichever registry it comes from.</summary>
    public bool IsOf(string chart) => Chart == chart || Chart.EndsWith("/" + chart, StringComparison.Ordinal);

    /// <summary>Prints the release's objects without a cluster; <paramref name="valuesFile"/> holds its values.</summary>
    public string TemplateCommand(string valuesFile) => string.Join(
        ' ',
        new[]
        {
            $"helm template {Name} {Chart}",
            Repository is null ? null : $"--repo {Repository}",
            Version is null ? null : $"--version {Version}",
            $"--namespace {Namespace} --include-crds -f {valuesFile}",
        }.OfType<string>());

    internal static IEnumerable<HelmRelease> Of(ResourceGraph graph) =>
        graph.Resources.Where(resource => resource.Type == ReleaseType).Select(Read);

    private static HelmRelease Read(ResourceNode release)
    {
        var values = new PlainValues();
        var resolved = release.Inputs.GetValueOrDefault("values") is { } given ? values.Resolve(given) : null;
        return new HelmRelease(
            release.Inputs.At("name").Text() ?? release.Outputs.At("name").Text() ?? release.Name,
            release.Inputs.At("namespace").Text() ?? release.Outputs.At("namespace").Text() ?? "default",
            release.Inputs.At("chart").Text() ?? release.Name,
            release.Inputs.At("version").Text(),
            release.Inputs.At("repositoryOpts", "repo").Text(),
            (resolved as PropertyValue.Map)?.Entries ?? ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal),
            values.HasSecrets,
            release.Urn);
    }
}
