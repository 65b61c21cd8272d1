using System.CommandLine;
using System.Text.Json;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Terminal;
using Spectre.Console.Testing;

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

    [Fact]
    public void Help_shows_which_arguments_are_optional_and_a_default_once()
    {
        var diff = Ha.Answer("diff", "--help").Output;
        Assert.Contains("diff <BEFORE> [<AFTER>] [options]", diff, StringComparison.Ordinal);
        Assert.Equal(2, diff.Split("[default: prod]").Length);
        Assert.Matches(@"\n  diff BEFORE \[AFTER\] [\s\S]*\n  explain \[KEY\] ", Ha.Answer("--help").Output);
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

    [SkippableTheory]
    [MemberData(nameof(Completions))]
    public void Bash_completes(string line, string expected)
    {
        Skip.IfNot(File.Exists("/bin/bash"), "needs bash");
        using var scratch = new Scratch();
        foreach (var stack in new[] { "dev", "prod" })
            scratch.Write($"Pulumi.{stack}.yaml", "");
        var script = scratch.Write("completion.bash", Ha.Run("completion", "bash").Output);
        var words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        var result = Ha.Shell(scratch.Path, $"source '{script}'; COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _ha; IFS=,; echo \"${{COMPREPLY[*]}}\"");
        Assert.Equal((expected + "\n", ""), (result.Output, result.Error));
    }

    [SkippableFact]
    public void Fish_completes() => CompleteAll(
        "fish", "fish", script => $"""
            source '{script}'
            for line in {string.Join(' ', Lines.Select(line => $"'{line}'"))}
                echo $line: (complete --do-complete $line | cut -f 1 | string join ,)
            end
            """);

    [SkippableFact]
    public void PowerShell_completes() => CompleteAll(
        "pwsh", "ps1", script => $$"""
            . '{{script}}'
            foreach ($line in {{string.Join(", ", Lines.Select(line => $"'{line}'"))}}) {
                "${line}: $((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -join ',')"
            }
            """);

    /// <summary>zsh only completes at a terminal: Tab is pressed in one, and what is offered is written to a file.</summary>
    [SkippableTheory]
    [MemberData(nameof(Completions))]
    [InlineData("ha plan --output=j", "json")]
    public void Zsh_completes(string line, string expected)
    {
        Skip.IfNot(File.Exists("/usr/bin/script"), "needs 'script' (Debian: bsdutils)");
        const string Setup = """
            PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -D; bindkey '^I' pressed; zle -N pressed
            pressed() { zle complete-word; print > pressed }
            compadd() { local -a offered; builtin compadd -A offered "$@"; (( $#offered )) && print -rl -- $offered >> offered; builtin compadd "$@" }
            source ./completion.zsh; print > ready
            """;
        using var scratch = CompletionOf("zsh", "zsh", out _);
        var result = Ha.Shell(scratch.Path, $$"""
            wait_for() { until [ -e "$1" ]; do sleep 0.05; done; }
            : > offered
            { cat <<'EOF'; wait_for ready; printf '%s\t' '{{line}}'; wait_for pressed; printf '\025exit\n'; } | script -qec 'zsh -f -i' /dev/null > shown
            {{Setup}}
            EOF
            sort -u offered
            """);
        Assert.Equal((expected.Replace(',', '\n') + "\n", ""), (result.Output, result.Error));
    }

    /// <summary>What is typed, and what is offered for it.</summary>
    public static TheoryData<string, string> Completions => new()
    {
        { "ha pl", "plan" },
        { "ha plan --sta", "--stack" },
        { "ha plan --stack ", "dev,prod" },
        { "ha plan -s ", "dev,prod" },
        { "ha diff d", "dev" },
        { "ha diff dev pr", "prod" },
        { "ha cost --output j", "json" },
        { "ha completion z", "zsh" },
        { "ha -q plan --jso", "--json" },
    };

    private static IEnumerable<string> Lines => Completions.Select(row => (string)row[0]);

    private static void CompleteAll(string shell, string extension, Func<string, string> write)
    {
        using var scratch = CompletionOf(shell, extension, out var script);
        var result = Ha.Shell(scratch.Path, $"{shell} '{scratch.Write($"complete.{extension}", write(script))}'");
        Assert.Equal(
            (string.Concat(Completions.Select(row => $"{row[0]}: {row[1]}\n")), ""), (result.Output.ReplaceLineEndings("\n"), result.Error));
    }

    /// <summary>A folder with two stacks and the script of a shell.</summary>
    private static Scratch CompletionOf(string shell, string extension, out string script)
    {
        var scratch = new Scratch();
        Skip.If(Ha.Shell(scratch.Path, $"command -v {shell}").ExitCode != 0, $"needs {shell}");
        foreach (var stack in new[] { "dev", "prod" })
            scratch.Write($"Pulumi.{stack}.yaml", "");
        script = scratch.Write($"completion.{extension}", Ha.Run("completion", shell).Output);
        return scratch;
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
