using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>What <c>tests/ahead</c> makes of a build, with a script in place of the compiler.</summary>
public sealed class AheadScriptTests : IDisposable
{
    private const string Program = "infra/Cli/bin/Debug/net10.0/ha.dll";
    private const string Copy = "tests/Some.Tests/bin/Debug/net10.0/ha.dll";
    private const string Other = "tests/Other.Tests/bin/Debug/net10.0/ha.dll";
    private const string Test = "tests/Some.Tests/bin/Debug/net10.0/Some.Tests.dll";

    private readonly Scratch _scratch = new();

    public AheadScriptTests()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Directory.CreateDirectory(_scratch.At("examples"));
        Directory.CreateDirectory(_scratch.At("module"));
        File.Copy(Path.Combine(Ha.Checkout, "tests", "ahead"), _scratch.Write("tests/ahead", ""), overwrite: true);
        Build();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public void A_program_is_compiled_once_wherever_it_is_and_nothing_else_is()
    {
        Compiler("""
            for file in "${1%/*}"/*.dll; do
                echo "compiled $(cat "$file")" >"${file%.dll}.ni.dll"
            done
            """);
        Assert.Equal(("", 0), Run());
        string[] expected = ["compiled a", "compiled a", "b", "test"];
        Assert.Equal(expected, Found());

        // Neither what is compiled already nor what was compiled before a build like the last needs the compiler again.
        Compiler("exit 1");
        Assert.Equal(("", 0), Run());
        Assert.Equal(expected, Found());
        Build();
        Assert.Equal(("", 0), Run());
        Assert.Equal(expected, Found());
    }

    [SkippableFact]
    public void Without_a_compiler_or_where_it_fails_the_build_stays_as_it_was()
    {
        Assert.Equal(("the package of crossgen2 is missing: build with -p:CompileAhead=true\n", 1), Run());
        Compiler("echo 'Error: broken'; exit 1");
        Assert.Equal(("Error: broken\n", 1), Run());
        Assert.Equal(["a", "a", "b", "test"], Found());
    }

    private void Build()
    {
        foreach (var (path, content) in new[] { (Program, "a"), (Copy, "a"), (Other, "b"), (Test, "test") })
            _scratch.Write(path, content);
    }

    private void Compiler(string script)
    {
        var path = _scratch.Write("packages/microsoft.netcore.app.crossgen2.linux-x64/10.0.0/tools/crossgen2", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    private (string Error, int ExitCode) Run()
    {
        var result = Ha.Shell(_scratch.Path, "NUGET_PACKAGES=$PWD/packages bash tests/ahead \"$PWD/compiled\"");
        return (result.Error, result.ExitCode);
    }

    private string[] Found() => [.. new[] { Program, Copy, Other, Test }.Select(path => File.ReadAllText(_scratch.At(path)).TrimEnd())];
}
