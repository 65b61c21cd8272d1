using System.Text.RegularExpressions;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>The scripts that people run, on other systems than this one: macOS has the bash of 2007 and the tools of BSD, Ubuntu has tools in Rust.</summary>
public sealed partial class PortableScriptTests
{
    /// <summary>Every script of the repository for bash.</summary>
    private static readonly string[] Found =
    [
        .. Below(new DirectoryInfo(Ha.Checkout))
            .Where(path => File.ReadLines(path).FirstOrDefault() is { } first && first.StartsWith("#!", StringComparison.Ordinal) && first.EndsWith("bash", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Ha.Checkout, path)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Scripts => new(Found);

    [Fact]
    public void None_is_left_out() => Assert.Superset(
        new HashSet<string> { ".ci/run", "tests/ahead", "tests/all", "tests/unpack", "examples/payments/try.sh", "examples/chains/try.sh" }, Found.ToHashSet());

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
            @"(?m)(?<!#.*)(\bsed (-i|-r|-z|-s\b)|\bsed [^|\n]*\\[+?|]|\bgrep (-[a-zA-Z]*P|[^|\n]*\\\|)|\bstat -|\bdate (-d|--)|\bdate [^|\n]*%N|\breadlink\b|\brealpath\b|\bxargs -[a-z]*[rd]\b|\bfind [^|\n]*-(printf|regextype|executable|delete)|\bsort -[a-zA-Z]*[VhRz]|\b(head|tail) -n [+]?-|\bmktemp (-p|-t|--)|\bcp -[a-zA-Z]*[aut]|\bnproc\b|(?<!POSIX=)\bsetsid\b(?!\()|\btimeout \d|\btac\b|\bsleep infinity|\bbase64 -w|\btar [^|\n]*--|\bps [^|\n]*--|/proc/)",
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
        using var house = await ScriptHouse.OfAsync(userland, awk);
        var ended = await house.RunAllAsync($"HOME={house.Path}", $"TMPDIR={house.Path}", "HA_TRY_AGAIN=1");

        Assert.True(ended.Error.Length == 0, ended.Text);
        Assert.Equal(1, ended.ExitCode);
        var printed = Seconds().Replace(ended.Output, "N s");
        Assert.Contains("   skipped A.skips: needs AWS\n   FAILED  A.fails(x: \"1\")\n           a < b\n           C:\\temp\\cut: \\cluster\\n\n           second line\n", printed, StringComparison.Ordinal);
        Assert.Contains("   nothing to compile with\n   the tests take longer\n", printed, StringComparison.Ordinal);
        Assert.Contains("FAILED  format\ninfra/Unordered.cs:2: error: using System comes after one that belongs behind it\n", printed, StringComparison.Ordinal);
        Assert.EndsWith(
            """

               1 tests of Payments.Tests failed: none of this project is ever run again
            == Sample.Tests, 4 failed again
               FAILED  alone too: A.fails(x: "1")
               FAILED  alone too: A.is_skipped_later
               UNSTEADY  passed alone, after it had failed: A.passes_later
               FAILED  alone too: A.vanishes

            all in N s, 1 unsteady
            2 passed, 5 failed, 1 skipped

            """,
            printed, StringComparison.Ordinal);
        // The compiler that the build left behind is ended, and what was written is removed.
        var compiler = (await File.ReadAllTextAsync(house.At("compiler"))).Trim();
        Assert.Matches(@"\A(Z.*)?\z", (await Programs.RunAsync("ps", ["-o", "stat=", "-p", compiler])).Output.Trim());
        Assert.Empty(Directory.GetDirectories(house.Path, "ha-tests.*"));
    }

    private static string TextOf(string script) => File.ReadAllText(Path.Combine(Ha.Checkout, script));

    /// <summary>Files that are not built, nor fetched.</summary>
    private static IEnumerable<string> Below(DirectoryInfo folder) =>
        folder.GetFiles().Where(file => file.Extension is "" or ".sh").Select(file => file.FullName)
            .Concat(folder.GetDirectories().Where(one => one.LinkTarget is null && one.Name is not (".git" or "bin" or "obj" or "node_modules" or "artifacts" or "TestResults")).SelectMany(Below));

    [GeneratedRegex(@"\d+ s(?=$|,)", RegexOptions.Multiline)]
    private static partial Regex Seconds();
}
