using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Views;

public sealed class ProseTests
{
    [Theory]
    [InlineData(20, "[yellow]9 warnings[/], simulated in 1 s", "9 warnings,|simulated in 1 s")]
    [InlineData(10, "default/argocd-controller, b", "default/|argocd-|controller|, b")]
    [InlineData(12, "default/argocd-controller, b", "default/|argocd-|controller,|b")]
    [InlineData(4, "abcdefgh", "abcd|efgh")]
    [InlineData(40, "one[green]two[/]three four", "onetwothree four")]
    public void It_is_broken_at_spaces_and_long_names_at_a_seam(int width, string markup, string expected)
    {
        using var console = new TestConsole { Profile = { Width = width } };
        console.Write(Prose.OfMarkup(markup));
        Assert.Equal(expected.Split('|'), console.Output.TrimEnd('\n').Split('\n'));
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
