using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>A file is read in one sitting.</summary>
public sealed class FileLengthTests
{
    private const int Most = 300;

    private static readonly string[] Foreign = ["bin", "obj", "node_modules", ".git", "artifacts"];

    /// <summary>Each file is a place to look for: one with next to nothing in it is worth that only now and then.</summary>
    [Fact]
    public void Fewer_than_8_of_100_files_have_under_15_lines()
    {
        var files = Under(new DirectoryInfo(Ha.Checkout)).ToList();
        var small = files.Where(file => File.ReadLines(file).Count() < 15).Select(file => Path.GetRelativePath(Ha.Checkout, file)).Order(StringComparer.Ordinal).ToList();
        Assert.True(small.Count * 100 < files.Count * 8, $"{small.Count} of {files.Count} files have under 15 lines:\n{string.Join('\n', small)}");
    }

    [Fact]
    public void No_file_has_more_than_300_lines()
    {
        Assert.Empty(Under(new DirectoryInfo(Ha.Checkout)).Select(file => (Path: Path.GetRelativePath(Ha.Checkout, file), Lines: File.ReadLines(file).Count())).Where(file => file.Lines > Most)
            .Select(file => $"{file.Path} has {file.Lines} lines; {Most} are the limit: split it by theme"));
    }

    [Fact]
    public void Parts_of_a_class_are_named_after_it_with_an_underscore() => Assert.Empty(
        Under(new DirectoryInfo(Ha.Checkout)).Where(file => Path.GetFileNameWithoutExtension(file).Contains('.', StringComparison.Ordinal)).Select(file => $"{Path.GetRelativePath(Ha.Checkout, file)}: name it Type_Part.cs"));

    private static IEnumerable<string> Under(DirectoryInfo directory) =>
        directory.EnumerateFiles("*.cs").Select(file => file.FullName).Concat(directory.EnumerateDirectories().Where(each => !Foreign.Contains(each.Name)).SelectMany(Under));
}
