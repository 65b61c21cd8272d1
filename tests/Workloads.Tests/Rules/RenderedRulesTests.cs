using HaCluster.Workloads.Tests.Peers;
using HaCluster.Workloads.Tests.Rendered;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>The rule files that <c>ha render</c> writes for <c>prod</c>, before the real promtool.</summary>
public sealed class RenderedRulesTests
{
    [SkippableFact]
    public async Task Promtool_accepts_every_rule_file()
    {
        var files = (await RenderedStack.Prod).Under("prometheus/rules");
        using var scratch = new Scratch();
        Assert.NotEmpty(files);

        foreach (var (name, content) in files)
        {
            scratch.Write(name, content);
            var (exitCode, output) = await Tool.Promtool.RunAsync(scratch.Path, "check", "rules", "--lint=all", "--lint-fatal", name);
            Assert.True(exitCode == 0, $"{name}: {output}");
        }
    }

    [Fact]
    public async Task Alerts_in_the_files_are_those_that_have_tests_and_runbooks()
    {
        var files = (await RenderedStack.Prod).Under("prometheus/rules");

        var names = files.Values.SelectMany(Alerts).ToList();

        Assert.True(names.Count > 60, $"{names.Count} alerts");
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Contains(name, Catalog.Alerts.Keys));
    }

    private static IEnumerable<string> Alerts(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(file));
        var groups = (YamlSequenceNode)yaml.Documents[0].RootNode["groups"];
        return groups
            .SelectMany(group => (YamlSequenceNode)group["rules"])
            .Cast<YamlMappingNode>()
            .Where(rule => rule.Children.ContainsKey("alert"))
            .Select(rule => ((YamlScalarNode)rule["alert"]).Value!);
    }
}
