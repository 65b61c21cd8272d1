using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>Runs the script of a step as a runner of GitHub does, in a repository of its own; <c>dotnet</c> is a stand-in that prints one line.</summary>
internal sealed class StepRunner : IDisposable
{
    public const string Answer = "what ha prints";

    private readonly Scratch _scratch = new();

    public StepRunner()
    {
        Git("init --quiet");
        var command = _scratch.Write(
            "bin/dotnet",
            $$"""
            #!/bin/bash
            echo '{{Answer}}'
            while [ $# -gt 0 ]; do
                [ "$1" != --json ] || echo '{}' > "$2"
                shift
            done
            exit "$COMMAND_ENDS"
            """);
        Ha.Shell(_scratch.Path, $"chmod +x '{command}'");
    }

    /// <summary>The exit code of each <c>ha</c>.</summary>
    public int CommandEnds { get; init; }

    public string Summary => ReadOf("summary.md");

    public string Outputs => ReadOf("outputs");

    public void Commit(string file, string text)
    {
        _scratch.Write(Path.Combine("checkout", file), text);
        Git("add --all");
        Git("-c user.name=test -c user.email=test@example.com -c commit.gpgsign=false commit --quiet --message change");
    }

    /// <returns>How it ended.</returns>
    public int Run(string script) => Programs.RunAsync(
        "bash",
        ["-e", _scratch.Write("step", script)],
        Directory.CreateDirectory(_scratch.At("checkout")).FullName,
        new Dictionary<string, string?>
        {
            ["PATH"] = $"{_scratch.At("bin")}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
            ["STACK"] = "prod",
            ["RUNNER_TEMP"] = _scratch.Path,
            ["GITHUB_STEP_SUMMARY"] = _scratch.At("summary.md"),
            ["GITHUB_OUTPUT"] = _scratch.At("outputs"),
            ["COMMAND_ENDS"] = $"{CommandEnds}",
        }).GetAwaiter().GetResult().ExitCode;

    public void Dispose() => _scratch.Dispose();

    private void Git(string arguments)
    {
        var result = Ha.Shell(Directory.CreateDirectory(_scratch.At("checkout")).FullName, $"git {arguments}");
        Assert.True(result.ExitCode == 0, result.Output);
    }

    private string ReadOf(string name) => File.Exists(_scratch.At(name)) ? File.ReadAllText(_scratch.At(name)) : "";
}
