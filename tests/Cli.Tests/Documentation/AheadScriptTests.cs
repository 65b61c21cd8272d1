using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>What <c>tests/ahead</c> makes of a build, with scripts in place of dotnet and of the compiler.</summary>
public sealed class AheadScriptTests : IDisposable
{
    private const string Compiler = "packages/microsoft.netcore.app.crossgen2.linux-x64/10.0.1/tools/crossgen2";

    private static readonly (string Path, string Content)[] Built =
    [
        ("infra/Cli/bin/Debug/net10.0/ha.dll", "ha"),
        ("infra/Cli/bin/Debug/net10.0/AWSSDK.Core.dll", "seldom"),
        ("infra/Cli/bin/Debug/net10.0/runtimes/ha.dll", "native"),
        ("infra/Cli/bin/Debug/net10.0/Twice.dll", "1"),
        ("infra/Stack/bin/Debug/net10.0/Twice.dll", "2"),
        ("module/bin/HaCluster/deps/ha.dll", "ha"),
        ("tests/Some.Tests/bin/Debug/net10.0/ha.dll", "ha"),
        ("tests/Some.Tests/bin/Debug/net10.0/Some.Tests.dll", "test"),
        ("tests/Other.Tests/bin/Debug/net10.0/ha.dll", "another ha"),
    ];

    private static readonly string[] Compiled = ["<ha>", "seldom", "native", "<1>", "2", "<ha>", "<ha>", "test", "another ha"];

    private readonly Scratch _scratch = new();

    public AheadScriptTests()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Directory.CreateDirectory(Checkout("examples"));
        Write("tests/ahead", File.ReadAllText(Path.Combine(Ha.Checkout, "tests", "ahead")));
        WriteProgram("bin/dotnet", $$"""
            [ "$1" = --list-runtimes ] || echo "$PWD/{{Compiler}}"
            """);
        Build();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public void A_program_is_compiled_once_wherever_it_is_and_nothing_else_is()
    {
        WriteCompiler("""
            for file in "${1%/*}"/*.dll; do
                echo "${file##*/}" >>../compilations
                echo "<$(cat "$file")>" >"${file%.dll}.ni.dll"
            done
            """);
        Assert.Equal(("", 0), Run());
        Assert.Equal(Compiled, Found());
        Assert.Equal("Twice.dll\nha.dll\n", File.ReadAllText(_scratch.At("compilations")));

        // Neither what is compiled already nor what was compiled before a build like the last needs the compiler again.
        WriteCompiler("exit 1");
        Assert.Equal(0, RunWithoutSecond());
        Assert.Equal(Compiled, Found());
        Build();
        Assert.Equal(0, RunWithoutSecond());
        Assert.Equal(Compiled, Found());
    }

    [SkippableFact]
    public void What_no_run_has_used_for_a_week_is_deleted()
    {
        WriteCompiler("");
        var old = _scratch.Write("compiled/linux-x64/10.0.1/old.dll", "");
        var recent = _scratch.Write("compiled/linux-x64/10.0.1/recent.dll", "");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-9));
        Assert.Equal(("", 0), Run());
        Assert.Equal((false, true), (File.Exists(old), File.Exists(recent)));
    }

    [SkippableFact]
    public void Without_a_compiler_or_where_it_fails_the_build_stays_as_it_was()
    {
        Assert.Equal(($"the compiler {Checkout(Compiler)} is missing\n", 1), Run());
        WriteCompiler("echo 'Error: broken'; exit 1");
        Assert.Equal(("Error: broken\n", 1), Run());
        Assert.Equal(Built.Select(file => file.Content), Found());
    }

    /// <summary>The second version of a name is not compiled, which every run tries again.</summary>
    private int RunWithoutSecond()
    {
        File.Delete(Checkout("infra/Stack/bin/Debug/net10.0/Twice.dll"));
        var (_, exitCode) = Run();
        Write("infra/Stack/bin/Debug/net10.0/Twice.dll", "2");
        return exitCode;
    }

    private void Build() => Array.ForEach(Built, file => Write(file.Path, file.Content));

    private string Checkout(string path) => _scratch.At($"a check out/{path}");

    private string Write(string path, string content) => _scratch.Write($"a check out/{path}", content);

    private void WriteCompiler(string script) => WriteProgram(Compiler, script);

    private void WriteProgram(string path, string script)
    {
        var written = Write(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(written, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    private (string Error, int ExitCode) Run()
    {
        var result = Ha.Shell(_scratch.At("a check out"), "PATH=$PWD/bin:$PATH bash tests/ahead ../compiled");
        return (result.Error, result.ExitCode);
    }

    private string[] Found() => [.. Built.Select(file => File.ReadAllText(Checkout(file.Path)).TrimEnd())];
}
