using HaCluster.Cli.Tests.Processes;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>The example of a pipeline: valid YAML, commands that exist, no more rights than it needs.</summary>
public sealed class WorkflowTests
{
    private const string Path = "examples/ci/.github/workflows/cluster.yml";

    private static readonly YamlMappingNode Workflow = Read();

    private static IEnumerable<YamlMappingNode> Jobs => ((YamlMappingNode)Workflow["jobs"]).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Steps => Jobs.SelectMany(job => (YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>();

    private static IEnumerable<string> Scripts => Steps.Where(step => step.Children.ContainsKey("run")).Select(step => step["run"].ToString());

    [Fact]
    public void Every_command_can_be_given()
    {
        var lines = Scripts.SelectMany(script => script.Split('\n')).Where(line => line.Length > 0).ToList();
        foreach (var command in new[] { "plan", "diff", "cost", "prove" })
            Assert.Contains(lines, line => line.Contains($"--project infra/Cli -- {command} ", StringComparison.Ordinal));
        Assert.Empty(lines.SelectMany(line => CommandTests.Problems(line).Select(problem => $"{line}: {problem}")));
    }

    [Fact]
    public void It_may_read_the_code_and_nothing_else()
    {
        Assert.Equal("{ { contents, read } }", Workflow["permissions"].ToString());
        Assert.DoesNotContain(Jobs, job => job.Children.ContainsKey("permissions"));
        Assert.Equal(["pull_request"], ((YamlMappingNode)Workflow["on"]).Children.Keys.Select(trigger => trigger.ToString()));
        Assert.DoesNotContain("secrets.", File.ReadAllText(Page.FullPathOf(Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Actions_of_others_are_pinned_to_a_commit() => Assert.All(
        Steps.Where(step => step.Children.ContainsKey("uses")), step => Assert.Matches(@"^[\w-]+/[\w-]+@[0-9a-f]{40}\z", step["uses"].ToString()));

    [Fact]
    public void What_a_pull_request_says_never_becomes_part_of_a_script() => Assert.All(Scripts, script => Assert.DoesNotContain("${{", script, StringComparison.Ordinal));

    [SkippableFact]
    public void The_scripts_are_sound()
    {
        Skip.If(Programs.Find("shellcheck") is null, "needs shellcheck");
        using var scratch = new Scratch();
        foreach (var script in Scripts)
        {
            var result = Ha.Shell(scratch.Path, $"shellcheck --shell=bash '{scratch.Write("script", script)}'");
            Assert.True(result.ExitCode == 0, result.Output);
        }
    }

    private static YamlMappingNode Read()
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Page.FullPathOf(Path));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }
}
