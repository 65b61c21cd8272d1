namespace HaCluster.Cli.Tests.Documentation;

/// <summary>Every page leads to where it says.</summary>
public sealed class LinkTests
{
    public static TheoryData<string> Pages => new(Page.Paths);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_to_a_file_and_a_heading(string page) => Assert.Empty(Broken(page));

    [Fact]
    public void The_pages_that_people_look_for_are_there() =>
        Assert.All(
            ["README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "infra/README.md", "infra/Stack/README.md", "infra/Planning/README.md", "tests/README.md", "examples/README.md"],
            path => Assert.True(File.Exists(Page.FullPathOf(path)), path));

    [Fact]
    public void The_README_is_read_in_one_sitting() => Assert.InRange(File.ReadLines(Page.FullPathOf("README.md")).Count(), 50, 199);

    private static IEnumerable<string> Broken(string path)
    {
        var page = new Page(path);
        foreach (var (target, line) in page.Links)
        {
            if (Uri.TryCreate(target, UriKind.Absolute, out var address) && !address.IsFile)
                continue;
            var parts = target.Split('#', 2);
            var file = parts[0].Length == 0 ? Page.FullPathOf(path) : Path.GetFullPath(Path.Combine(page.Folder, Uri.UnescapeDataString(parts[0])));
            var relative = Path.GetRelativePath(Page.FullPathOf("."), file).Replace('\\', '/');
            if (relative.StartsWith("..", StringComparison.Ordinal) || (!File.Exists(file) && !Directory.Exists(file)))
                yield return $"{path}:{line}: {target} does not exist";
            else if (parts.Length == 2 && (!file.EndsWith(".md", StringComparison.Ordinal) || !new Page(relative).Anchors.Contains(parts[1])))
                yield return $"{path}:{line}: {target}: {relative} has no such heading; it has {string.Join(", ", file.EndsWith(".md", StringComparison.Ordinal) ? new Page(relative).Anchors : [])}";
        }
    }
}
