using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Rendering.Exports;

namespace HaCluster.Planning.Rendering;

/// <summary>
/// The Kubernetes side of a plan as files: every object as <c>NN-kind-namespace-name.yaml</c>, NN being its step of an apply, so that
/// <c>kubectl apply -f DIR</c> takes them in an order that works; and for every Helm release its values under <c>helm/</c>, named
/// <c>.values</c> because kubectl would take a <c>.yaml</c> there for an object. In folders of their own, which kubectl does not enter, the
/// configuration of programs in the cluster, in their native format: <c>prometheus/rules</c>, <c>alertmanager</c>,
/// <c>grafana</c>, <c>fluent-bit</c>, and <c>configs</c> for every other config map.
/// </summary>
public sealed record Render(ImmutableArray<RenderedFile> Files, ImmutableArray<string> Warnings)
{
    private const int LongestStem = 180;

    public required int Objects { get; init; }

    public required int Releases { get; init; }

    /// <param name="graph">Of a simulated run: in a preview names and references are unknown.</param>
    public static Render Of(ResourceGraph graph)
    {
        var objects = KubernetesObjectReader.Of(graph).ToList();
        var releases = HelmRelease.Of(graph).ToList();
        var files = objects.GroupBy(Stem)
            .SelectMany(group => group.Select(subject => FileOf(subject, group.Key, isShared: group.Count() > 1)))
            .Concat(releases.Select(FileOf))
            .Concat(PrometheusRuleExport.Of(objects))
            .Concat(AlertmanagerExport.Of(releases))
            .Concat(DashboardExport.Of(objects))
            .Concat(ConfigMapExport.Of(objects))
            .Concat(FluentBitExport.Of(releases))
            .DistinctBy(file => file.Path)
            .OrderBy(file => file.Path, StringComparer.Ordinal);
        return new Render([.. files], [.. Warned(objects, releases)]) { Objects = objects.Count, Releases = releases.Count };
    }

    private static RenderedFile FileOf(KubernetesObject subject, string stem, bool isShared)
    {
        var header = subject.HasWithheldSecrets ? "# Secret values are withheld: fill in what reads [secret] before applying this file.\n" : "";
        return new RenderedFile(
            $"{stem}{(isShared ? "-" + Fingerprint(subject) : "")}.yaml",
            header + YamlWriter.Write(subject.Content));
    }

    private static RenderedFile FileOf(HelmRelease release)
    {
        var name = FileNames.Safe($"{release.Namespace}-{release.Name}") + ".values";
        var text = new StringBuilder("# Values of a Helm release. Its objects, without a cluster:\n#   ").Append(release.TemplateCommand(name)).Append('\n');
        if (release.HasWithheldSecrets)
            text.Append("# Secret values are withheld: fill in what reads [secret].\n");
        return new RenderedFile("helm/" + name, text.Append(release.Values.IsEmpty ? "{}\n" : YamlWriter.Write(release.Values)).ToString());
    }

    private static IEnumerable<string> Warned(List<KubernetesObject> objects, List<HelmRelease> releases)
    {
        foreach (var twice in objects.GroupBy(subject => (subject.Group, subject.Kind, subject.Namespace, subject.Name)).Where(group => group.Count() > 1))
            yield return $"{twice.First()} is declared {twice.Count()} times; only the first is rendered";
        foreach (var subject in objects.Where(subject => subject.HasWithheldSecrets))
            yield return $"{subject}: secret values are withheld";
        foreach (var release in releases.Where(release => release.HasWithheldSecrets))
            yield return $"Helm release {release.Namespace}/{release.Name}: secret values are withheld";
    }

    private static string Stem(KubernetesObject subject)
    {
        var parts = new[] { subject.Kind.ToLowerInvariant(), subject.Namespace, subject.Name }.OfType<string>();
        var stem = string.Create(CultureInfo.InvariantCulture, $"{ApplyOrder.StepOf(subject):00}-{FileNames.Safe(string.Join('-', parts))}");
        return stem.Length <= LongestStem ? stem : $"{stem[..LongestStem]}-{Fingerprint(subject)}";
    }

    /// <summary>Distinguishes objects with the same file name: <c>a-b/c</c> and <c>a/b-c</c>, or one kind in two groups.</summary>
    private static string Fingerprint(KubernetesObject subject)
    {
        var identity = $"{subject.Group}\n{subject.Kind}\n{subject.Namespace}\n{subject.Name}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..8];
    }
}
