using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Rendering.Exports;

/// <summary>
/// Each <c>PrometheusRule</c> as the rule file that Prometheus itself reads, so that <c>promtool check rules</c> and a Prometheus without an
/// operator take it.
/// </summary>
internal static class PrometheusRuleExport
{
    public const string Folder = "prometheus/rules/";

    public static IEnumerable<RenderedFile> Of(IEnumerable<KubernetesObject> objects)
    {
        var rules = objects.Where(subject => subject is { Group: "monitoring.coreos.com", Kind: "PrometheusRule" });
        foreach (var named in rules.GroupBy(rule => rule.Name, StringComparer.Ordinal))
        {
            var isShared = named.Count() > 1;
            foreach (var rule in named)
                yield return new RenderedFile(Folder + FileNames.Safe(isShared ? $"{rule.Namespace}-{rule.Name}" : rule.Name) + ".yaml", Groups(rule));
        }
    }

    private static string Groups(KubernetesObject rule) =>
        YamlWriter.Write([new("groups", rule.Content.At("spec", "groups") ?? new PropertyValue.List([]))]);
}
