namespace HaCluster.Cli.Tests.Processes;

/// <summary>What each shell offers after <c>ha completion</c>.</summary>
public sealed class CompletionTests
{
    [SkippableTheory]
    [MemberData(nameof(Completions))]
    [InlineData("ha plan --stack =", "dev,prod")]
    [InlineData("ha plan --stack = d", "dev")]
    [InlineData("ha diff my", "my plan.json")]
    [InlineData("ha diff --json =", "")]
    [InlineData("ha diff --json = d", "")]
    public void Bash_completes(string line, string expected)
    {
        Skip.IfNot(File.Exists("/bin/bash"), "needs bash");
        using var scratch = CompletionOf("bash", "bash", out var script);
        scratch.Write("my plan.json", "");
        var words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        // compopt works only while bash completes.
        var result = Ha.Shell(scratch.Path, $"source '{script}'; compopt() {{ :; }}; COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _ha; IFS=,; echo \"${{COMPREPLY[*]}}\"");
        Assert.Equal((expected + "\n", ""), (result.Output, result.Error));
        AssertNothingRan(scratch);
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
        AssertNothingRan(scratch);
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
        AssertNothingRan(scratch);
    }

    /// <summary>Of the command in the name of a file.</summary>
    private static void AssertNothingRan(Scratch scratch) => Assert.False(File.Exists(scratch.At("ran")));

    /// <summary>A folder with two stacks, with files that look like stacks to a shell, and the script of it.</summary>
    private static Scratch CompletionOf(string shell, string extension, out string script)
    {
        var scratch = new Scratch();
        Skip.If(Ha.Shell(scratch.Path, $"command -v {shell}").ExitCode != 0, $"needs {shell}");
        foreach (var file in new[] { "Pulumi.dev.yaml", "Pulumi.prod.yml", "Pulumi.$(touch ran).yaml", "Pulumi.`touch ran`.yaml", "Pulumi.de v.yaml", "Pulumi.*.yaml" })
            scratch.Write(file, "");
        script = scratch.Write($"completion.{extension}", Ha.Run("completion", shell).Output);
        return scratch;
    }
}
