using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Rendering;

public sealed class RenderDirectoryTests
{
    [Fact]
    public void A_second_render_writes_what_changed_and_removes_what_is_gone()
    {
        using var scratch = new Scratch();
        Write(scratch, false, ("a.yaml", "1"), ("helm/b.values", "2"), ("c.yaml", "3"));
        scratch.Write("out/mine.txt", "kept");
        Assert.Equal(new RenderChange(Written: 1, Unchanged: 1, Removed: 1), Write(scratch, false, ("a.yaml", "1"), ("c.yaml", "changed")));
        Assert.Equal([".ha-render", "a.yaml", "c.yaml", "mine.txt"], Contents(scratch));
        Assert.False(Directory.Exists(scratch.At("out/helm")));
    }

    [Fact]
    public void Folders_that_become_empty_go_with_their_last_file_and_others_stay()
    {
        using var scratch = new Scratch();
        Write(scratch, false, ("prometheus/rules/a.yaml", "1"), ("configs/x/k", "2"), ("configs/y/k", "3"), ("a.yaml", "4"));
        scratch.Write("out/configs/y/mine.txt", "kept");
        Assert.Equal(3, Write(scratch, false, ("a.yaml", "4")).Removed);
        Assert.Equal([".ha-render", "a.yaml", "configs/y/mine.txt"], Contents(scratch));
        Assert.False(Directory.Exists(scratch.At("out/prometheus")));
        Assert.False(Directory.Exists(scratch.At("out/configs/x")));
    }

    [Fact]
    public void A_separator_at_the_end_of_the_path_changes_nothing()
    {
        using var scratch = new Scratch();
        var path = scratch.At("out") + Path.DirectorySeparatorChar;
        RenderDirectory.Open(path, false).Write([new("old/a.yaml", "1")], CancellationToken.None);
        Assert.Equal(1, RenderDirectory.Open(path, false).Write([new("b.yaml", "1")], CancellationToken.None).Removed);
        Assert.Equal([".ha-render", "b.yaml"], Contents(scratch));
    }

    [Fact]
    public void The_directory_of_someone_else_is_left_alone_unless_forced()
    {
        using var scratch = new Scratch();
        scratch.Write("out/mine.yaml", "kept");
        Assert.Contains("--force", Assert.Throws<UnreadableInputException>(() => Write(scratch, false, ("a.yaml", "1"))).Message, StringComparison.Ordinal);
        Assert.Equal(["mine.yaml"], Contents(scratch));
        Write(scratch, true, ("a.yaml", "1"));
        Assert.Equal([".ha-render", "a.yaml", "mine.yaml"], Contents(scratch));
    }

    [SkippableFact]
    public void A_directory_that_may_not_be_listed_may_hold_files_of_someone_else()
    {
        Skip.If(Unprivileged.IsImpossible, Unprivileged.Reason);
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.At("out"));
        Unprivileged.With(UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute, scratch.At("out"), () =>
            Assert.StartsWith($"{scratch.At("out")} cannot be read", Assert.Throws<UnreadableInputException>(() => Write(scratch, false, ("a.yaml", "1"))).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_in_its_place_is_said()
    {
        using var scratch = new Scratch();
        scratch.Write("out", "text");
        Assert.Contains("is a file", Assert.Throws<UnreadableInputException>(() => Write(scratch, true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_render_remembers_what_it_wrote_and_the_next_one_cleans_up()
    {
        using var scratch = new Scratch();
        Write(scratch, false, ("old.yaml", "1"));
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();
        Assert.Throws<OperationCanceledException>(() => RenderDirectory.Open(scratch.At("out"), false).Write([new("new.yaml", "2")], interrupted.Token));
        Assert.Equal([".ha-render", "old.yaml"], Contents(scratch));
        Write(scratch, false, ("other.yaml", "3"));
        Assert.Equal([".ha-render", "other.yaml"], Contents(scratch));
    }

    [Fact]
    public void A_marker_that_was_tampered_with_deletes_nothing_outside()
    {
        using var scratch = new Scratch();
        var outside = scratch.Write("outside.yaml", "kept");
        scratch.Write("out/.ha-render", $"hacluster.render/1\n../outside.yaml\n{outside}\n");
        Write(scratch, false, ("a.yaml", "1"));
        Assert.True(File.Exists(outside));
    }

    private static RenderChange Write(Scratch scratch, bool force, params (string Path, string Text)[] files) =>
        RenderDirectory.Open(scratch.At("out"), force).Write([.. files.Select(file => new RenderedFile(file.Path, file.Text))], CancellationToken.None);

    private static IEnumerable<string> Contents(Scratch scratch) =>
        Directory.EnumerateFiles(scratch.At("out"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(scratch.At("out"), path)).Order(StringComparer.Ordinal);
}
