using System.Text.Json;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>The small commands: version, validate, completion, help.</summary>
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

    [Theory]
    [InlineData("config:\n  aws:region: eu-central-1\n", 0, "are valid")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:zones: 1\n", 1, "ha-cluster:zones is 1; ")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:tags: [a\n", 2, "settings.yaml:")]
    [InlineData("config: {}\n", 1, "aws:region")]
    public void Validate_says_what_plan_would_say_of_the_settings(string yaml, int exitCode, string expected)
    {
        using var scratch = new Scratch();
        var result = Ha.Run("validate", "--settings", scratch.File("settings.yaml", yaml));
        Assert.True(result.ExitCode == exitCode, result.Error);
        Assert.Contains(expected, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ends_with_3_when_the_program_cannot_answer()
    {
        using var scratch = new Scratch();
        Assert.Equal(3, Ha.Run("validate", "--program", scratch.File("broken.dll", "no assembly")).ExitCode);
    }

    [SkippableTheory]
    [InlineData("ha pl", "plan")]
    [InlineData("ha plan --sta", "--stack")]
    [InlineData("ha plan --stack ", "dev,prod")]
    [InlineData("ha diff d", "dev")]
    [InlineData("ha cost --output j", "json")]
    [InlineData("ha completion z", "zsh")]
    [InlineData("ha -q plan --jso", "--json")]
    public void Bash_completes(string line, string expected)
    {
        Skip.IfNot(File.Exists("/bin/bash"), "needs bash");
        using var scratch = new Scratch();
        foreach (var stack in new[] { "dev", "prod" })
            scratch.File($"Pulumi.{stack}.yaml", "");
        var script = scratch.File("completion.bash", Ha.Run("completion", "bash").Output);
        var words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        var result = Ha.Shell(scratch.Path, $"source '{script}'; COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _ha; IFS=,; echo \"${{COMPREPLY[*]}}\"");
        Assert.Equal((expected + "\n", ""), (result.Output, result.Error));
    }

    [SkippableTheory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    [InlineData("pwsh", "-NoProfile -File")]
    public void The_scripts_of_other_shells_are_accepted_by_them(string shell, string check)
    {
        var script = Ha.Run("completion", shell);
        Assert.Equal(0, script.ExitCode);
        foreach (var part in new[] { "plan", "stack", "no-color", "accept-incomplete", "json" })
            Assert.Contains(part, script.Output, StringComparison.Ordinal);
        using var scratch = new Scratch();
        var path = scratch.File(shell == "pwsh" ? "completion.ps1" : "completion", script.Output);
        Skip.If(Ha.Shell(scratch.Path, $"command -v {shell}").ExitCode != 0, $"needs {shell}");
        var result = Ha.Shell(scratch.Path, $"{shell} {check} '{path}'");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void A_plan_does_not_differ_from_what_it_was_saved_from_and_a_changed_setting_shows()
    {
        using var scratch = new Scratch();
        var saved = scratch.At("dev.json");
        Assert.Equal(0, Ha.Answer("plan", "--stack", "dev", "-q", "--json", saved).ExitCode);
        Assert.Contains("no difference in ", Ha.Answer("diff", saved, "dev").Output, StringComparison.Ordinal);

        var changed = scratch.At("changed.json");
        var yaml = File.ReadAllText(Path.Combine(Ha.Checkout, "Pulumi.dev.yaml")).Replace("ha-cluster:vpcCidr: 10.1.0.0/16", "ha-cluster:vpcCidr: 10.80.0.0/16", StringComparison.Ordinal);
        Assert.Equal(0, Ha.Answer("plan", "-q", "--settings", scratch.File("Pulumi.dev.yaml", yaml), "--json", changed).ExitCode);
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
    [InlineData("diff", "Required argument missing")]
    [InlineData("completion csh", "choose one of: bash, zsh, fish, pwsh")]
    public void Wrong_input_ends_with_2(string arguments, string expected)
    {
        var result = Ha.Run(arguments.Split(' '));
        Assert.True(result.ExitCode == 2, $"ended with {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }
}
