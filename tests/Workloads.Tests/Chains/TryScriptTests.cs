using System.Text.RegularExpressions;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>examples/chains/try.sh as a person runs it, with its output piped.</summary>
public sealed partial class TryScriptTests : IDisposable
{
    private const string Script = "examples/chains/try.sh";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Nodes_that_stall_and_die_are_taken_out_and_come_back()
    {
        var ended = await Programs.RunAsync("bash", [Script, "stall", "kill"], Repository.Root, Equipped());

        Assert.True(ended.ExitCode == 0, ended.Text);
        Assert.Matches(@"\n +\d+ s  ethereum-geth-\d: block \d+ is \d+ behind \d+ of ethereum-geth-\d; the front leaves it out\n", Plain(ended.Output));
        Assert.Matches(@"\nfault +out after +back after +reads +failed +longest gap +furthest behind\nstall( +\d+ s){2} .* blocks\nkill( +\d+ s){2} .* blocks\n\z", ended.Output);
        Assert.DoesNotContain("\e", ended.Output, StringComparison.Ordinal);
        Assert.All(ended.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 160));
        await AssertNothingIsLeftAsync();
    }

    [SkippableFact]
    public async Task Ctrl_C_leaves_no_process_and_no_file()
    {
        using var script = RunningProgram.Start("bash", [Script], Repository.Root, Equipped());
        await Waiting.UntilAsync("it starts nodes, sentinels and front", () => script.Text.Contains("nodes, sentinels and front start", StringComparison.Ordinal) || script.HasEnded, () => script.Text);

        await script.SignalAsync("INT");

        var ended = await script.EndAsync();
        Assert.True(ended.ExitCode == 130, ended.Text);
        await AssertNothingIsLeftAsync();
    }

    [SkippableFact]
    public async Task Programs_that_are_missing_are_named_with_how_to_get_them()
    {
        var ended = await RunAsync(path: Only("bash", "dirname", "find", "head", "cat"));

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        foreach (var program in new[] { "dotnet: https://", "haproxy: apt-get install haproxy", "curl: ", "openssl: ", "npm: apt-get install npm" })
            Assert.Contains($"\n  {program}", ended.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("hangs", 2, "there is no fault hangs; there are: stall lag kill hang chain")]
    [InlineData("--quick", 2, "there is no fault --quick; there are: stall lag kill hang chain")]
    [InlineData("--help", 0, "usage: bash examples/chains/try.sh [FAULT...]")]
    public async Task Arguments_are_checked_before_anything_is_started(string argument, int exitCode, string expected)
    {
        var ended = await RunAsync(arguments: argument);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains(expected, exitCode == 0 ? ended.Output : ended.Error, StringComparison.Ordinal);
    }

    /// <summary>Everything that the script starts has this in its environment.</summary>
    private string Marker => $"HA_TRY_TEST={_scratch.Path}";

    /// <summary>The environment of a run, with all programs that it needs.</summary>
    private Dictionary<string, string?> Equipped()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /proc");
        foreach (var tool in new[] { Tool.HaProxy, new Tool("curl", "curl"), new Tool("openssl", "openssl") })
            tool.Require();
        var anvil = Path.Combine(Repository.Root, "tests/Sentinel.Tests/Peers/Node/node_modules/@foundry-rs/anvil-linux-amd64/bin");
        Skip.IfNot(Directory.Exists(anvil), "needs anvil (npm ci --prefix tests/Sentinel.Tests/Peers/Node)");
        return Environment($"{anvil}:{System.Environment.GetEnvironmentVariable("PATH")}");
    }

    private Task<Ended> RunAsync(string? path = null, params string[] arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        return Programs.RunAsync("/bin/bash", [Script, .. arguments], Repository.Root, Environment(path ?? System.Environment.GetEnvironmentVariable("PATH")!));
    }

    private Dictionary<string, string?> Environment(string path) => new()
    {
        ["PATH"] = path,
        ["TMPDIR"] = _scratch.Path,
        ["XDG_CACHE_HOME"] = Path.Combine(_scratch.Path, "no-cache"),
        ["HA_TRY_TEST"] = _scratch.Path,
    };

    /// <summary>A folder with links to these programs.</summary>
    private string Only(params string[] programs)
    {
        var folder = Path.Combine(_scratch.Path, "bin");
        Directory.CreateDirectory(folder);
        foreach (var program in programs)
            File.CreateSymbolicLink(Path.Combine(folder, program), Programs.Find(program)!);
        return folder;
    }

    private async Task AssertNothingIsLeftAsync()
    {
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.Path));
        await Waiting.UntilAsync("no process is left", () => Processes().Count == 0, () => string.Join('\n', Processes()));
    }

    private List<string> Processes() =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(folder => folder[6..].All(char.IsAsciiDigit) && Read(Path.Combine(folder, "environ")).Contains(Marker, StringComparison.Ordinal))
            .Select(folder => Read(Path.Combine(folder, "cmdline")).Replace('\0', ' ')),
    ];

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Plain(string output) => Separators().Replace(output, "$1");

    [GeneratedRegex(@"(\d),(?=\d{3})")]
    private static partial Regex Separators();
}
