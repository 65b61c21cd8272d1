using System.Globalization;
using HaCluster.Workloads.Tests.Rendered;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>The expressions of the rule files that <c>ha render</c> writes.</summary>
internal static class RenderedRules
{
    public static IReadOnlyList<(string Place, string Query)> Expressions(RenderedStack stack) =>
        [.. Rules(stack).Select(rule => ($"{rule.File}: {Name(rule.Rule)}", Text(rule.Rule, "expr")!))];

    /// <summary>Names that recording rules give.</summary>
    public static IReadOnlySet<string> Recorded(RenderedStack stack) =>
        Rules(stack).Select(rule => Text(rule.Rule, "record")).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<(string File, YamlMappingNode Rule)> Rules(RenderedStack stack) =>
        from file in stack.Under("prometheus/rules")
        from @group in Items(Root(file.Value), "groups")
        from rule in Items(@group, "rules")
        select (file.Key, rule);

    private static YamlMappingNode Root(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var list) ? ((YamlSequenceNode)list).Children.Cast<YamlMappingNode>() : [];

    private static string Name(YamlMappingNode rule) => Text(rule, "alert") ?? Text(rule, "record") ?? "";

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
}
