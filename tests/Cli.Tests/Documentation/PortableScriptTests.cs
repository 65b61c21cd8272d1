using System.Text.RegularExpressions;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>The scripts that people run, on other systems than this one: macOS has the bash of 2007 and the tools of BSD, Ubuntu has tools in Rust.</summary>
public sealed partial class PortableScriptTests : IDisposable
{
    /// <summary>What tests/all calls, but for perl, npm and dotnet; each userland has its own of those that it has.</summary>
    private static readonly string[] Tools =
    [
        "awk", "basename", "bash", "cat", "chmod", "cmp", "cp", "cut", "dirname", "env", "find", "getconf", "grep", "head", "id", "ls", "mkdir", "mktemp", "nice", "paste", "printf", "ps", "rm", "sed", "sh", "sleep",
        "sort", "tail", "touch", "tr", "uname", "wc", "xargs",
    ];

    /// <summary>Every script of the repository for bash.</summary>
    private static readonly string[] Found =
    [
        .. Below(new DirectoryInfo(Ha.Checkout))
            .Where(path => File.ReadLines(path).FirstOrDefault() is { } first && first.StartsWith("#!", StringComparison.Ordinal) && first.EndsWith("bash", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Ha.Checkout, path)).Order(StringComparer.Ordinal),
    ];

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("ha-portable-");

    public static TheoryData<string> Scripts => new(Found);

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public void None_is_left_out() => Assert.Superset(
        new HashSet<string> { ".ci/run", "tests/all", "tests/unpack", "examples/payments/try.sh", "examples/chains/try.sh" }, Found.ToHashSet());

    [SkippableTheory]
    [MemberData(nameof(Scripts))]
    public void A_script_is_sound(string script)
    {
        Skip.If(Programs.Find("shellcheck") is null, "needs shellcheck");
        var result = Ha.Shell(Ha.Checkout, $"shellcheck '{script}'");
        Assert.True(result.ExitCode == 0, result.Output);
    }

    // https://git.savannah.gnu.org/cgit/bash.git/tree/NEWS: what 4.0 and later brought.
    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_needs_no_newer_bash_than_that_of_macOS(string script) => Assert.DoesNotMatch(
        @"(declare|local|typeset) -[a-zA-Z]*[Anlu]|mapfile|readarray|coproc|wait -n|&>>|\|&|;;&|;&|\$\{[^}]*(\^|,,|@[A-Z]\})|\$\{[A-Za-z_]+:[0-9]+: *-|EPOCH(SECONDS|REALTIME)|BASHPID|globstar|\[\[ -v |printf '%\(|\bread -[a-z]*[iN]",
        TextOf(script));

    // https://man.freebsd.org/cgi/man.cgi and https://pubs.opengroup.org/onlinepubs/9799919799/idx/utilities.html: what only the tools of GNU understand.
    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_that_promises_macOS_uses_no_tool_of_Linux_alone(string script)
    {
        var text = TextOf(script);
        if (!text.Contains("macOS", StringComparison.Ordinal))
            return;
        Assert.DoesNotMatch(
            @"(?m)(?<!#.*)(\bsed (-i|-r|-z|-s\b)|\bsed [^|\n]*\\[+?|]|\bgrep (-[a-zA-Z]*P|[^|\n]*\\\|)|\bstat -|\bdate (-d|--)|\bdate [^|\n]*%N|\breadlink\b|\brealpath\b|\bxargs -[a-z]*[rd]\b|\bfind [^|\n]*-(printf|regextype|executable|delete)|\bsort -[a-zA-Z]*[VhRz]|\b(head|tail) -n [+]?-|\bmktemp (-p|-t|--)|\bcp -[a-zA-Z]*[aut]|\bnproc\b|\bsetsid\b|\btimeout \d|\btac\b|\bsleep infinity|\bbase64 -w|\btar [^|\n]*--|\bps [^|\n]*--|/proc/)",
            text);
    }

    /// <summary>
    /// In a house of two projects, whose tests a script in place of dotnet has run. Of four that fail first and are run again, one passes. One passes with
    /// other arguments only, one is skipped and one is not there: these have failed. Those of payments are not run again.
    /// </summary>
    [SkippableTheory]
    [InlineData("toybox", "original-awk")]
    [InlineData("coreutils", null)]
    public async Task Tests_all_counts_with_other_tools_than_those_of_GNU(string userland, string? awk)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var path = await ToolsOfAsync(userland, awk);
        await MakeHouseAsync();

        var ended = await Programs.RunAsync("/usr/bin/env", ["-i", $"PATH={path}", $"HOME={_scratch.FullName}", $"TMPDIR={_scratch.FullName}", "HA_SIGNALS=default", "HA_TRY_AGAIN=1", "bash", "tests/all"], _scratch.FullName);

        Assert.True(ended.Error.Length == 0, ended.Text);
        Assert.Equal(1, ended.ExitCode);
        var printed = Seconds().Replace(ended.Output, "N s");
        Assert.Contains("   skipped A.skips: needs AWS\n   FAILED  A.fails(x: \"1\")\n           a < b\n           second line\n", printed, StringComparison.Ordinal);
        Assert.Contains("FAILED  format\ninfra/Unordered.cs:2: error: using System comes after one that belongs behind it\n", printed, StringComparison.Ordinal);
        Assert.EndsWith(
            """

               1 tests of Payments.Tests failed: none of this project is ever run again
            == Sample.Tests, 4 failed again
               FAILED  alone too: A.fails(x: "1")
               FAILED  alone too: A.is_skipped_later
               UNSTEADY  passed alone, after it had failed: A.passes_later
               FAILED  alone too: A.vanishes

            all in N s
            2 passed, 5 failed, 1 skipped

            """,
            printed, StringComparison.Ordinal);
        // The compiler that the build left behind is ended, and what was written is removed.
        var compiler = (await File.ReadAllTextAsync(Path.Combine(_scratch.FullName, "compiler"))).Trim();
        Assert.Matches(@"\A(Z.*)?\z", (await Programs.RunAsync("ps", ["-o", "stat=", "-p", compiler])).Output.Trim());
        Assert.Empty(_scratch.GetDirectories("ha-tests.*"));
    }

    private static string TextOf(string script) => File.ReadAllText(Path.Combine(Ha.Checkout, script));

    /// <summary>Files that are not built, nor fetched.</summary>
    private static IEnumerable<string> Below(DirectoryInfo folder) =>
        folder.GetFiles().Where(file => file.Extension is "" or ".sh").Select(file => file.FullName)
            .Concat(folder.GetDirectories().Where(one => one.LinkTarget is null && one.Name is not (".git" or "bin" or "obj" or "node_modules" or "artifacts" or "TestResults")).SelectMany(Below));

    /// <summary>A folder with the tools of a userland, and this system's where that has none.</summary>
    private async Task<string> ToolsOfAsync(string userland, string? awk)
    {
        var program = Programs.Find(userland);
        Skip.If(program is null, $"needs {userland}");
        Skip.If(awk is not null && Programs.Find(awk) is null, $"needs {awk}");
        var folder = _scratch.CreateSubdirectory("tools").FullName;
        var has = ToolName().Matches((await Programs.RunAsync(program!, userland == "toybox" ? [] : ["--help"])).Output).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("sort", has);
        foreach (var tool in Tools)
        {
            var command = tool == "awk" && awk is not null ? Programs.Find(awk)
                : has.Contains(tool) && tool is not ("sh" or "bash" or "awk") ? $"{program} {tool}"
                : Programs.Find(tool);
            Write(Path.Combine(folder, tool), $"#!/bin/sh\nexec {command} \"$@\"\n");
        }

        return $"{_scratch.CreateSubdirectory("bin").FullName}:{folder}";
    }

    private async Task MakeHouseAsync()
    {
        foreach (var part in new[] { "tests/Payments.Tests", "tests/Sample.Tests", "infra", "module" })
            _scratch.CreateSubdirectory(part);
        foreach (var file in new[] { "all", "results.awk", "usings.awk" })
            File.Copy(Path.Combine(Ha.Checkout, "tests", file), Path.Combine(_scratch.FullName, "tests", file));
        foreach (var project in new[] { "Payments.Tests", "Sample.Tests" })
        {
            await File.WriteAllTextAsync(Path.Combine(_scratch.FullName, $"tests/{project}/{project}.csproj"), """<Project><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" /></ItemGroup></Project>""");
            await File.WriteAllTextAsync(Path.Combine(_scratch.FullName, $"tests/{project}/Ordered.cs"), "using System;\nusing Zoo;\n");
        }

        await File.WriteAllTextAsync(Path.Combine(_scratch.FullName, "infra/Unordered.cs"), "using Zoo;\nusing System;\n");
        Write(
            Path.Combine(_scratch.FullName, "bin", "dotnet"),
            $$"""
            #!/bin/sh
            case $1 in
                build)
                    for argument in "$@"; do
                        case $argument in -p:SharedCompilationId=*) id=${argument#*=} ;; esac
                    done
                    sh -c 'while :; do sleep 1; done' compiler "-pipename:$id" >/dev/null 2>&1 </dev/null &
                    echo $! >'{{_scratch.FullName}}/compiler'
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
            second line</Message><StackTrace>at A</StackTrace></ErrorInfo></Output></UnitTestResult>
            <UnitTestResult testName="A.is_skipped_later" outcome="Failed" />
            <UnitTestResult testName="A.passes_later" outcome="Failed" />
            <UnitTestResult testName="A.vanishes" outcome="Failed" />
            END
            exit 1

            """);
    }

    private static void Write(string path, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [GeneratedRegex(@"\d+ s$", RegexOptions.Multiline)]
    private static partial Regex Seconds();

    [GeneratedRegex(@"[a-z0-9_\[-]+")]
    private static partial Regex ToolName();
}
