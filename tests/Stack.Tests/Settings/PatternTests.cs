using System.Text.RegularExpressions;
using HaCluster.Stack.Tests.Wire;

namespace HaCluster.Stack.Tests.Settings;

/// <summary>The trap that no analyzer sees: <c>$</c> also matches before a line break at the end, so that a checked text may still hold one.</summary>
public sealed partial class PatternTests
{
    [Fact]
    public void No_regular_expression_of_one_line_ends_in_a_dollar_sign()
    {
        var patterns = Directory.EnumerateFiles(Path.Combine(StackFile.Root, "infra"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select(line => $"{Path.GetRelativePath(StackFile.Root, file)}: {line.Trim()}"))
            .Where(line => Pattern().IsMatch(line))
            .ToList();

        Assert.NotEmpty(patterns);
        Assert.DoesNotContain(patterns, line => EndsInDollar().IsMatch(line) && !line.Contains("RegexOptions.Multiline", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"GeneratedRegex\(|new Regex\(")]
    private static partial Regex Pattern();

    [GeneratedRegex("""\$\)*"{1,3}[,)]""")]
    private static partial Regex EndsInDollar();
}
