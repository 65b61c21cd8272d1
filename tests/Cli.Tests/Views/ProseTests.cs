using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using Spectre.Console;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Views;

public sealed class ProseTests
{
    [Theory]
    [InlineData(20, "[yellow]9 warnings[/], simulated in 1 s", "9 warnings,|simulated in 1 s")]
    [InlineData(10, "default/argocd-controller, b", "default/|argocd-|controller|, b")]
    [InlineData(12, "default/argocd-controller, b", "default/|argocd-|controller,|b")]
    [InlineData(4, "abcdefgh", "abcd|efgh")]
    [InlineData(1, "ab c", "a|b|c")]
    [InlineData(3, "数据库 🇩🇪🇩🇪 x", "数|据|库|🇩🇪|🇩🇪|x")]
    [InlineData(1, "数据 é", "数|据|é")]
    [InlineData(40, "one[green]two[/]three four", "onetwothree four")]
    public void It_is_broken_at_spaces_and_long_names_at_a_seam(int width, string markup, string expected)
    {
        using var console = new TestConsole { Profile = { Width = width } };
        console.Write(Prose.OfMarkup(markup));
        Assert.Equal(expected.Split('|'), console.Output.TrimEnd('\n').Split('\n'));
    }

    /// <summary>A table that does not fit leaves its cells fewer columns than their padding takes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Where_there_is_no_room_it_comes_to_an_end(int width)
    {
        using var console = new TestConsole { Profile = { Width = width } };
        console.Write(new Padder(new Prose("ab"), new Padding(2, 0, 2, 0)));
        Assert.Contains("a", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void For_a_pipe_it_stays_one_line_however_long()
    {
        using var console = new TestConsole { Profile = { Width = Terminals.Unwrapped } };
        var text = string.Join(", ", Enumerable.Range(0, 2_000).Select(number => $"Deployment payments/workload-{number}"));
        console.ProseLine(text);
        Assert.Equal(text + "\n", console.Output);
    }

    [Fact]
    public void What_fails_on_the_way_leaves_the_file_as_it_was()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("plan.json", "before");
        var terminals = new Terminals(new TestConsole(), new TestConsole(), () => Stream.Null);
        Assert.Throws<OutputFailedException>(() => OutputFile.Of(path, "--json").Write(terminals, stream =>
        {
            stream.Write("half"u8);
            stream.Flush();
            throw new IOException("No space left on device");
        }));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(scratch.Path));
    }
}
