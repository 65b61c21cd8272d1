using HaCluster.Engine.Graph;
using HaCluster.Planning.Plans.Documents;

namespace HaCluster.Cli.Tests.Processes;

public sealed class PlanProcessTests
{
    [Fact]
    public void Without_arguments_the_prod_stack_is_planned_from_any_directory()
    {
        using var scratch = new Scratch();
        var result = Ha.Run(scratch.Path, []);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("ha-cluster, stack prod in eu-central-1\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("3 zones, a NAT gateway per zone (3)", result.Output, StringComparison.Ordinal);
        Assert.Contains("payments", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Piped_it_is_plain_text_that_is_never_wrapped()
    {
        var result = Ha.Run("plan", "--stack", "dev");
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.All(result.Lines, line => Assert.Equal(line.TrimEnd(), line));
        Assert.Contains(result.Lines, line => line.EndsWith("if its zone is lost, no private subnet reaches the internet", StringComparison.Ordinal) && line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Contains("1 NAT gateway for all zones", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_width_can_be_asked_for()
    {
        var result = Ha.Run(Ha.Checkout, new Dictionary<string, string?> { ["COLUMNS"] = "80" }, "plan", "--stack", "dev");
        Assert.All(result.Lines, line => Assert.True(line.Length <= 80 && line == line.TrimEnd(), $"'{line}'"));
        // Names are broken at a dash, and no line begins with what ends a word.
        Assert.Contains("  external-secrets-cert-", string.Join('\n', result.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Lines, line => line.TrimStart().StartsWith(','));
    }

    [Fact]
    public void Json_to_standard_output_is_all_there_is_and_the_same_every_time()
    {
        var first = Ha.Run("plan", "--stack", "dev", "--json", "-");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        var plan = PlanDocumentReader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(first.Output)));
        Assert.Equal(("dev", RunMode.Simulated), (plan.Graph.Stack, plan.Graph.Mode));
        Assert.True(plan.Graph.Resources.Length > 100);
        Assert.Equal(first.Output, Ha.Run("plan", "--stack", "dev", "--json", "-").Output);
    }

    [Fact]
    public void Json_to_a_file_comes_with_the_tree()
    {
        using var scratch = new Scratch();
        var path = scratch.At("plan.json");
        var result = Ha.Run("plan", "--stack", "dev", "--json", path);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("stack dev", result.Output, StringComparison.Ordinal);
        using var file = File.OpenRead(path);
        Assert.Equal("dev", PlanDocumentReader.Read(file).Graph.Stack);
        Assert.Equal([path], Directory.GetFiles(scratch.Path));
    }

    [SkippableTheory]
    [InlineData("plan --stack dev | head -1")]
    [InlineData("plan --stack dev --json - | head -c 10")]
    public void A_reader_that_closes_the_pipe_is_not_an_error(string command)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var result = Ha.Shell(Ha.Checkout, $"set -o pipefail; dotnet '{Ha.Assembly}' {command}");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }
}
