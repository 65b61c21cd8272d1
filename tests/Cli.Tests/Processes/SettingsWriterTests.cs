using System.Globalization;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>A change of a stack file is shown, asked for, and made or not.</summary>
public sealed class SettingsWriterTests
{
    [Theory]
    [InlineData("y", true)]
    [InlineData("n", false)]
    public async Task A_person_decides_whatever_the_path_looks_like(string answer, bool isWritten)
    {
        using var scratch = new Scratch();
        var path = scratch.Write("[prod] [red]/Pulumi.prod.yaml", "config: {}\n");
        using var error = new TestConsole();
        error.Profile.Width = HaInProcess.Unwrapped;
        error.Profile.Capabilities.Interactive = true;
        error.Input.PushTextWithEnter(answer);
        var changed = await new SettingsWriter(path, "config: {}\n").WriteAsync("config: {a: 1}\n", isAgreed: false, new Terminals(new TestConsole(), error, () => Stream.Null), CancellationToken.None);
        Assert.Equal(isWritten, changed);
        Assert.Equal(isWritten ? "config: {a: 1}\n" : "config: {}\n", await File.ReadAllTextAsync(path));
        Assert.StartsWith($"Write this to {path}?", error.Output, StringComparison.Ordinal);
        Assert.Equal(isWritten, !error.Output.Contains("nothing was written\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(Terminals.Unwrapped)]
    public void A_changed_line_is_shown_whole(int width)
    {
        using var console = new TestConsole();
        console.Profile.Width = width;
        var tags = string.Join(", ", Enumerable.Range(0, 5_000).Select(number => string.Create(CultureInfo.InvariantCulture, $"name-{number}: value")));
        DiffView.Show(console, "Pulumi.prod.yaml", "config: {}\n", $"config: {{{tags}}}\n");
        Assert.Contains($"\n+ config: {{{tags}}}\n", console.Output, StringComparison.Ordinal);
    }
}
