using System.Text.RegularExpressions;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>A repository of two projects for <c>tests/all</c>, whose tests a script in place of dotnet has run.</summary>
internal sealed partial class ScriptHouse : IDisposable
{
    /// <summary>What tests/all calls, but for perl, npm and dotnet; each userland has its own of those that it has.</summary>
    private static readonly string[] Tools =
    [
        "awk", "basename", "bash", "cat", "chmod", "cmp", "cp", "cut", "dirname", "env", "find", "getconf", "grep", "head", "id", "ls", "mkdir", "mktemp", "nice", "paste", "printf", "ps", "rm", "sed", "sh", "sleep",
        "sort", "tail", "touch", "tr", "uname", "wc", "xargs",
    ];

    private readonly Scratch _scratch = new();

    public string Path => _scratch.Path;

    /// <param name="userland">The program whose tools are used; null for those of this system.</param>
    /// <param name="awk">Another awk than that of this system.</param>
    public static async Task<ScriptHouse> OfAsync(string? userland = null, string? awk = null)
    {
        var house = new ScriptHouse();
        await house.MakeToolsAsync(userland, awk);
        house.Make();
        return house;
    }

    public string At(string relative) => _scratch.At(relative);

    /// <summary>Runs all of its tests.</summary>
    /// <param name="environment">As <c>NAME=value</c>; there is nothing else in it but the tools.</param>
    public Task<Ended> RunAllAsync(params string[] environment) =>
        Programs.RunAsync("/usr/bin/env", ["-i", $"PATH={At("bin")}:{At("tools")}", "HA_SIGNALS=default", .. environment, "bash", "tests/all"], Path);

    /// <summary>Writes a program; one in <c>bin</c> is found before the tools.</summary>
    public void WriteScript(string relative, string script)
    {
        var path = _scratch.Write(relative, script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _scratch.Dispose();

    /// <summary>A folder with the tools of a userland, and this system's where that has none.</summary>
    private async Task MakeToolsAsync(string? userland, string? awk)
    {
        var program = userland is null ? null : Programs.Find(userland);
        Skip.If(userland is not null && program is null, $"needs {userland}");
        Skip.If(awk is not null && Programs.Find(awk) is null, $"needs {awk}");
        HashSet<string> has = program is null ? [] : [.. ToolName().Matches((await Programs.RunAsync(program, userland == "toybox" ? [] : ["--help"])).Output).Select(match => match.Value)];
        Assert.True(program is null || has.Contains("sort"), $"{userland} has no sort");
        foreach (var tool in Tools)
        {
            var command = tool == "awk" && awk is not null ? Programs.Find(awk)
                : has.Contains(tool) && tool is not ("sh" or "bash" or "awk") ? $"{program} {tool}"
                : Programs.Find(tool);
            WriteScript($"tools/{tool}", $"#!/bin/sh\nexec {command} \"$@\"\n");
        }
    }

    private void Make()
    {
        foreach (var part in new[] { "tests/Payments.Tests", "tests/Sample.Tests", "infra", "module" })
            Directory.CreateDirectory(At(part));
        foreach (var file in new[] { "all", "results.awk", "usings.awk" })
            File.Copy(System.IO.Path.Combine(Ha.Checkout, "tests", file), At($"tests/{file}"));
        foreach (var project in new[] { "Payments.Tests", "Sample.Tests" })
        {
            _scratch.Write($"tests/{project}/{project}.csproj", """<Project><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" /></ItemGroup></Project>""");
            _scratch.Write($"tests/{project}/Ordered.cs", "using System;\nusing Zoo;\n");
        }

        // AheadScriptTests tries the real one.
        _scratch.Write("tests/ahead", "echo nothing to compile with >&2; exit 1\n");
        _scratch.Write("infra/Unordered.cs", "using Zoo;\nusing System;\n");
        WriteScript(
            "bin/dotnet",
            $$"""
            #!/bin/sh
            case $1 in
                build)
                    for argument in "$@"; do
                        case $argument in -p:SharedCompilationId=*) id=${argument#*=} ;; esac
                    done
                    sh -c 'while :; do sleep 1; done' compiler "-pipename:$id" >/dev/null 2>&1 </dev/null &
                    echo $! >'{{Path}}/compiler'
                    exit ;;
                format) exit ;;
            esac
            while [ $# -gt 0 ]; do
                [ "$1" = --results-directory ] && folder=$2
                shift
            done
            mkdir -p "$folder"
            case $folder in
                *Payments.Tests)
                    echo '<UnitTestResult testName="P.fails" outcome="Failed" />' >"$folder/results.trx"
                    exit 1 ;;
                *Sample.Tests.again)
                    cat >"$folder/results.trx" <<'END'
            <UnitTestResult testName="A.fails(x: &quot;2&quot;)" outcome="Passed" />
            <UnitTestResult testName="A.is_skipped_later" outcome="NotExecuted" />
            <UnitTestResult testName="A.passes_later" outcome="Passed" />
            END
                    exit ;;
            esac
            cat >"$folder/results.trx" <<'END'
            <UnitTestResult testName="A.passes" outcome="Passed" />
            <UnitTestResult testName="A.skips" outcome="NotExecuted"><Output><ErrorInfo><Message>needs AWS</Message></ErrorInfo></Output></UnitTestResult>
            <UnitTestResult testName="A.fails(x: &quot;1&quot;)" outcome="Failed"><Output><ErrorInfo><Message>a &lt; b
            C:\temp\cut: \cluster\n
            second line</Message><StackTrace>at A</StackTrace></ErrorInfo></Output></UnitTestResult>
            <UnitTestResult testName="A.is_skipped_later" outcome="Failed" />
            <UnitTestResult testName="A.passes_later" outcome="Failed" />
            <UnitTestResult testName="A.vanishes" outcome="Failed" />
            END
            exit 1

            """);
    }

    [GeneratedRegex(@"[a-z0-9_\[-]+")]
    private static partial Regex ToolName();
}
