using System.CommandLine;
using System.Text.Json;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Terminal;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>The small commands: version, validate, diff, help.</summary>
public sealed class CommandTests
{
    [Fact]
    public void Version_names_version_commit_and_program()
    {
        var result = Ha.Run("version");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"^ha \d+\.\d+\.\d+\ncommit   ([0-9a-f]{40}|unknown: .*)\nprogram  .*Stack\.dll\n", result.Output);
    }

    [Fact]
    public void Help_has_a_line_for_every_command_and_every_exit_code()
    {
        var help = Ha.Run("--help").Output;
        foreach (var part in new[] { "\n  diff ", "\n  validate ", "\n  completion ", "\n  6    ", "COLUMNS=N", "NO_COLOR" })
            Assert.Contains(part, help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 160, line));
    }

    [Fact]
    public void Help_shows_which_arguments_are_optional_and_a_default_once()
    {
        var diff = Ha.Answer("diff", "--help").Output;
        Assert.Contains("diff <BEFORE> [<AFTER>] [options]", diff, StringComparison.Ordinal);
        Assert.Equal(2, diff.Split("[default: prod]").Length);
        Assert.Matches(@"\n  diff BEFORE \[AFTER\] [\s\S]*\n  explain \[KEY\] ", Ha.Answer("--help").Output);
    }

    [Fact]
    public void Version_and_validate_answer_as_JSON_too()
    {
        using var version = JsonDocument.Parse(Ha.Answer("version", "-o", "json").Output);
        Assert.Equal("hacluster.version/1", version.RootElement.GetProperty("format").GetString());
        Assert.Contains($"ha {version.RootElement.GetProperty("version").GetString()}\n", Ha.Answer("version").Output, StringComparison.Ordinal);

        using var scratch = new Scratch();
        AssertAnswer("config:\n  aws:region: eu-central-1\n  ha-cluster:zones: 1\n", 1, "ha-cluster:zones is 1; ");
        // Refused before the program is asked.
        AssertAnswer("config:\n  aws:region: eu-central-1\n  ha-cluster:policies: {imds: none}\n", 1, "ha-cluster:policies.imds is not a policy; ");
        AssertAnswer("config:\n  aws:region: eu-central-1\n  ha-cluster:nat: single\n", 0, null);

        void AssertAnswer(string yaml, int exitCode, string? problem)
        {
            var result = Ha.Answer("validate", "--settings", scratch.Write("settings.yaml", yaml), "-o", "json");
            Assert.Equal(exitCode, result.ExitCode);
            using var answer = JsonDocument.Parse(result.Output);
            var problems = answer.RootElement.GetProperty("problems").EnumerateArray().Select(line => line.GetString()!).ToList();
            Assert.Equal(("hacluster.validation/1", problem is null), (answer.RootElement.GetProperty("format").GetString(), answer.RootElement.GetProperty("valid").GetBoolean()));
            Assert.Equal(problem is null ? 0 : 1, problems.Count);
            Assert.All(problems, line => Assert.StartsWith(problem!, line, StringComparison.Ordinal));
            Assert.Equal(problem is null, answer.RootElement.GetProperty("warnings").EnumerateArray().Any(line => line.GetString()!.Contains("ha-cluster:nat is single", StringComparison.Ordinal)));
        }
    }

    public static TheoryData<string> Commands => [.. Paths(HaCommandLine.Create(new Terminals(new TestConsole(), new TestConsole(), () => Stream.Null)).Subcommands, "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_shows_its_help_whatever_is_missing_or_wrong(string command)
    {
        var help = Ha.Answer([.. command.Split(' '), "--help"]);
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains($"{command} ", help.Output, StringComparison.Ordinal);
        Assert.Contains("--help", help.Output, StringComparison.Ordinal);

        foreach (var alias in new[] { "-h", "-?" })
            Assert.Equal(help, Ha.Answer([.. command.Split(' '), "--no-such-option", alias]));
    }

    [Theory]
    [InlineData("config:\n  aws:region: eu-central-1\n", 0, "are valid")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:zones: 1\n", 1, "ha-cluster:zones is 1; ")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:tags: [a\n", 2, "settings.yaml:")]
    [InlineData("config: {}\n", 1, "aws:region")]
    public void Validate_says_what_plan_would_say_of_the_settings(string yaml, int exitCode, string expected)
    {
        using var scratch = new Scratch();
        var result = Ha.Run("validate", "--settings", scratch.Write("settings.yaml", yaml));
        Assert.True(result.ExitCode == exitCode, result.Error);
        Assert.Contains(expected, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ends_with_3_when_the_program_cannot_answer()
    {
        using var scratch = new Scratch();
        Assert.Equal(3, Ha.Run("validate", "--program", scratch.Write("broken.dll", "no assembly")).ExitCode);
    }

    [Fact]
    public void A_plan_does_not_differ_from_what_it_was_saved_from_and_a_changed_setting_shows()
    {
        using var scratch = new Scratch();
        var saved = scratch.At("dev.json");
        Assert.Equal(0, Ha.Answer("plan", "--stack", "dev", "-q", "--json", saved).ExitCode);
        Assert.Matches(@", stack dev compared with stack dev\n\s*no difference in ", Ha.Answer("diff", saved, "dev").Output);

        var changed = scratch.At("changed.json");
        var yaml = File.ReadAllText(Path.Combine(Ha.Checkout, "Pulumi.dev.yaml")).Replace("ha-cluster:vpcCidr: 10.1.0.0/16", "ha-cluster:vpcCidr: 10.80.0.0/16", StringComparison.Ordinal);
        Assert.Equal(0, Ha.Answer("plan", "-q", "--settings", scratch.Write("Pulumi.dev.yaml", yaml), "--json", changed).ExitCode);
        var shown = Ha.Answer("diff", saved, changed).Output;
        Assert.Contains("+- Vpc network\n   cidrBlock: 10.1.0.0/16 -> 10.80.0.0/16 (replaces)", shown, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Ha.Answer("diff", saved, changed, "-o", "json").Output);
        Assert.Equal("hacluster.diff/1", json.RootElement.GetProperty("format").GetString());
        Assert.Contains(
            json.RootElement.GetProperty("resources").EnumerateArray(),
            resource => resource.GetProperty("type").GetString() == "aws:ec2/subnet:Subnet" && resource.GetProperty("change").GetString() == "replaced");
    }

    [Theory]
    [InlineData("diff nowhere.json dev", "nowhere.json: ")]
    [InlineData("diff staging dev", "those that exist: dev, prod")]
    [InlineData("diff", "Required argument 'BEFORE' missing for command: 'diff'.")]
    [InlineData("completion csh", "choose one of: bash, zsh, fish, pwsh")]
    public void Wrong_input_ends_with_2(string arguments, string expected)
    {
        var result = Ha.Run(arguments.Split(' '));
        Assert.True(result.ExitCode == 2, $"ended with {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(IEnumerable<Command> commands, string above) =>
        commands.SelectMany(command => (string[])[above + command.Name, .. Paths(command.Subcommands, $"{above}{command.Name} ")]);
}
