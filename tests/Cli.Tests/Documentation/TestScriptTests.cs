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

    private static HaResult Run(string arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        return Ha.Shell(Ha.Checkout, $"bash tests/all {arguments}");
    }
}
