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

    // https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
    [Fact]
    public void It_can_be_required_since_it_runs_for_every_pull_request()
    {
        Assert.Equal("", ((YamlMappingNode)Workflow["on"])["pull_request"].ToString());
        Assert.DoesNotContain(Jobs, job => job.Children.ContainsKey("if"));
        Assert.Equal(
            ["actions/checkout", "Changes"],
            Steps.TakeWhile(step => !step.Children.ContainsKey("if")).Select(step => step.Children.TryGetValue("name", out var name) ? name.ToString() : step["uses"].ToString().Split('@')[0]));
        Assert.All(Steps.Skip(2), step => Assert.Equal("steps.changes.outputs.cluster == 'true'", step["if"].ToString()));
    }

    [SkippableTheory]
    [InlineData("README.md", "")]
    [InlineData("Pulumi.dev.yaml", "")]
    [InlineData("Pulumi.prod.yaml", "cluster=true")]
    [InlineData("infra/Stack/HaClusterStack.cs", "cluster=true")]
    [InlineData("Directory.Packages.props", "cluster=true")]
    public void Only_what_the_cluster_is_made_of_is_judged(string changed, string expected)
    {
        Skip.If(Programs.Find("git") is null, "needs git");
        using var runner = new StepRunner();
        runner.Commit("README.md", "before");
        runner.Commit(changed, "after");

        Assert.Equal(0, runner.Run(ScriptOf("Changes")));

        Assert.Equal(expected, runner.Outputs.Trim());
        Assert.Equal(expected.Length == 0, runner.Summary.Contains("Nothing that the cluster of prod is made of has changed.", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void What_cannot_be_compared_is_judged()
    {
        Skip.If(Programs.Find("git") is null, "needs git");
        using var runner = new StepRunner();
        runner.Commit("README.md", "of a checkout without its parents");

        Assert.Equal(0, runner.Run(ScriptOf("Changes")));

        Assert.Equal("cluster=true", runner.Outputs.Trim());
    }

    [SkippableTheory]
    [InlineData("Plan", 0, 0)]
    [InlineData("Plan", 1, 1)]
    [InlineData("Differences", 0, 0)]
    [InlineData("Differences", 2, 0)]
    [InlineData("Cost", 0, 0)]
    [InlineData("Cost", 2, 2)]
    [InlineData("Proof", 0, 0)]
    [InlineData("Proof", 4, 4)]
    [InlineData("Proof", 5, 5)]
    public void A_step_ends_as_its_command_does_and_leaves_the_summary_whole(string step, int commandEnds, int expected)
    {
        Skip.If(Programs.Find("git") is null, "needs git");
        using var runner = new StepRunner { CommandEnds = commandEnds };
        runner.Commit("Pulumi.prod.yaml", "before");
        runner.Commit("Pulumi.prod.yaml", "after");

        Assert.Equal(expected, runner.Run(ScriptOf(step)));

        var lines = runner.Summary.Split('\n').ToList();
        Assert.Equal(["```text", "```"], lines.Where(line => line.StartsWith("```", StringComparison.Ordinal)));
        Assert.InRange(lines.IndexOf(StepRunner.Answer), lines.IndexOf("```text") + 1, lines.IndexOf("```") - 1);
    }

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

    private static string ScriptOf(string name) =>
        Steps.Single(step => step.Children.TryGetValue("name", out var itsName) && itsName.ToString() == name)["run"].ToString();

    private static YamlMappingNode Read()
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Page.FullPathOf(Path));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }
}
