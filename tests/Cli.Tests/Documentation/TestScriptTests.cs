using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>The command that runs all tests: what it says of itself. That it runs them is seen whenever it does.</summary>
public sealed class TestScriptTests
{
    private static string Projects => string.Join(' ', Directory.GetFiles(Page.FullPathOf("tests"), "*.csproj", SearchOption.AllDirectories)
        .Where(path => File.ReadAllText(path).Contains("Microsoft.NET.Test.Sdk", StringComparison.Ordinal) && Directory.GetFiles(Path.GetDirectoryName(path)!, "*.cs", SearchOption.AllDirectories).Any(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        .Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [SkippableFact]
    public void Its_help_names_the_projects()
    {
        var result = Run("--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("usage: bash tests/all [--list] [NAME...]\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"projects: {Projects}", result.Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("Plannig Cli", "there are no tests named Plannig; there are: Account ")]
    [InlineData("--lists", "there is no option --lists; see bash tests/all --help")]
    public void What_does_not_exist_is_named_beside_what_does(string arguments, string expected)
    {
        var result = Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_listing_has_the_projects_named_the_slowest_first_each_once_and_with_what_it_needs()
    {
        var lines = Run("--list Conformance Planning Cli Cli.Tests").Output.TrimEnd().Split('\n').Select(line => line.Split(": ", 2)).ToList();
        Assert.Equal(["Cli.Tests", "Conformance", "Planning.Tests"], lines.Select(line => line[0]));
        Assert.Equal("kubectl", lines[2][1]);
        Assert.Contains("infra/Sdk/Typings", lines[1][1], StringComparison.Ordinal);
    }

    /// <summary>As a service, a cron job or a container runs it; the last line is what others read.</summary>
    [SkippableTheory]
    [InlineData("HOME", "2 passed, 5 failed, 1 skipped", "")]
    [InlineData("XDG_CACHE_HOME=/dev/null", "0 passed, 1 failed, 0 skipped", "FAILED  the cache folder /dev/null/ha-cluster cannot be made: set XDG_CACHE_HOME to a folder that can be written\n")]
    [InlineData("TMPDIR=/dev/null", "0 passed, 1 failed, 0 skipped", "FAILED  no folder can be made in /dev/null: set TMPDIR to a folder that can be written\n")]
    public async Task Without_a_home_or_a_folder_to_write_in_there_is_a_last_line_too(string variable, string expected, string reason)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        using var house = await ScriptHouse.OfAsync();
        // Root's cache folder is not at home.
        house.WriteScript("bin/id", "#!/bin/sh\necho 1000\n");
        var set = new Dictionary<string, string> { ["HOME"] = house.Path, ["TMPDIR"] = house.Path, ["XDG_CACHE_HOME"] = house.Path };
        if (variable.Split('=', 2) is [var name, var value])
            set[name] = value;
        else
            set.Remove(variable);
        var ended = await house.RunAllAsync([.. set.Select(entry => $"{entry.Key}={entry.Value}"), "HA_TRY_AGAIN=1"]);
        Assert.Equal((1, ""), (ended.ExitCode, ended.Error));
        Assert.EndsWith($"\n{expected}\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains(reason, ended.Output, StringComparison.Ordinal);
    }

    private static HaResult Run(string arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        return Ha.Shell(Ha.Checkout, $"bash tests/all {arguments}");
    }
}
