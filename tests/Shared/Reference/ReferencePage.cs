using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HaCluster.Tests.Shared.Reference;

/// <summary>A page of what people and programs rely on. Some of its tables are written from the code; the others are written by hand, and compared with it.</summary>
/// <param name="path">From the root of the checkout, with slashes.</param>
internal sealed partial class ReferencePage(string path)
{
    private readonly string _file = FullPathOf(path);

    public static string FullPathOf(string path) => Path.Combine(Root(), path);

    /// <summary>Compares a block with what the code says, or writes it with HA_WRITE_PAGES=1.</summary>
    /// <param name="block">Name in the comments around it.</param>
    public void HasBlock(string block, string expected)
    {
        var (begin, end) = ($"<!-- {block}: generated -->\n", $"<!-- {block}: end -->\n");
        var page = File.ReadAllText(_file);
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, page.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= begin.Length && to >= from, $"{path} has no place for {block}");
        if (Environment.GetEnvironmentVariable("HA_WRITE_PAGES") == "1")
            File.WriteAllText(_file, page[..from] + expected + page[to..]);
        else
            Assert.True(expected == page[from..to], $"{path} is out of date; write it again: HA_WRITE_PAGES=1 dotnet test --filter FullyQualifiedName~ReferenceTests. Expected:\n{expected}");
    }

    /// <summary>Rows of the tables below a heading, without those below its own headings.</summary>
    private string[][] RowsOf(string heading)
    {
        var lines = File.ReadLines(_file).SkipWhile(line => !IsHeading(line) || line.TrimStart('#').Trim() != heading).Skip(1).TakeWhile(line => !IsHeading(line));
        var rows = lines.Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim('|', ' ').Split(" | ", StringSplitOptions.TrimEntries)).ToArray();
        Assert.True(rows.Length > 1, $"{path} has no table below the heading '{heading}'");
        return rows[1..];
    }

    /// <summary>What is in code style in the first cells of those rows, in order.</summary>
    public IReadOnlyList<string> NamesOf(string heading) => [.. RowsOf(heading).SelectMany(row => Word.Matches(row[0])).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];

    /// <summary>First and second cells of those rows, as <see cref="RefusalCode.Lines"/> writes them.</summary>
    public IReadOnlyList<string> RefusalsOf(string heading) => [.. RowsOf(heading).Select(row => $"{row[0].Trim('`')}: {row[1]}").Order(StringComparer.Ordinal)];

    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static bool IsHeading(string line) => line.StartsWith('#');

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Word { get; }
}
