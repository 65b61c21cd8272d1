using System.Runtime.CompilerServices;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Payments.Tests.Tour;

/// <summary>examples/payments/try.sh as a person runs it, with its output piped.</summary>
public sealed class TryScriptTests
{
    private const string Script = "examples/payments/try.sh";

    [SkippableFact]
    public async Task The_tour_shows_what_it_says_and_leaves_nothing_behind()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs bash");
        Skip.If(ChainProcess.Anvil is null, ChainProcess.NeedsAnvil);
        Skip.If(ChainProcess.Bcoin is null, ChainProcess.NeedsBcoin);
        using var scratch = new Scratch();
        var ended = await Programs.RunAsync("bash", [Script], Root(), new Dictionary<string, string?> { ["TMPDIR"] = scratch.Path });
        Assert.True(ended.ExitCode == 0, ended.Text);
        Assert.EndsWith("Everything came out as it should.\n", ended.Output, StringComparison.Ordinal);
        // A command of the page and its answer, for each step.
        Assert.Equal(ended.Output.Split("\n== ").Length - 1, ended.Output.Split("\n== ")[1..].Count(step => step.Contains("\n$ curl ", StringComparison.Ordinal) || step.StartsWith("What the webhook got", StringComparison.Ordinal)));
        Assert.Contains("\nv1,", ended.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(scratch.Path, "tmp.*"));
    }

    [SkippableFact]
    public async Task Arguments_are_checked_before_anything_is_started()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs bash");
        var wrong = await Programs.RunAsync("bash", [Script, "--quick"], Root());
        Assert.Equal((2, true), (wrong.ExitCode, wrong.Error.Contains("'--quick' is not an argument", StringComparison.Ordinal)));
        var help = await Programs.RunAsync("bash", [Script, "--help"], Root());
        Assert.Equal((0, true), (help.ExitCode, help.Output.StartsWith("usage: bash examples/payments/try.sh", StringComparison.Ordinal)));
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
