using System.Text.RegularExpressions;
using HaCluster.Stack.Tests.Wire;

namespace HaCluster.Stack.Tests.Settings;

/// <summary>The trap that no analyzer sees: <c>$</c> also matches before a line break at the end, so that a checked text may still hold one.</summary>
public sealed partial class PatternTests
{
    private static readonly string[] Generated = ["bin", "obj", "node_modules", "artifacts", "TestResults"];

    [Theory]
    [InlineData(".cs", "infra", "module", "tests", "examples")]
    [InlineData(".ps1", "examples", "tests")]
    [InlineData(".psm1", "examples")]
    public void No_regular_expression_of_one_line_ends_in_a_dollar_sign(string extension, params string[] folders)
    {
        var patterns = folders.SelectMany(folder => Below(new DirectoryInfo(Path.Combine(StackFile.Root, folder)))).Where(file => file.Extension == extension && file.Name != $"{nameof(PatternTests)}.cs")
            .SelectMany(file => PatternsOf(File.ReadAllText(file.FullName), extension).Select(pattern => (File: Path.GetRelativePath(StackFile.Root, file.FullName), Pattern: pattern)))
            .ToList();

        Assert.NotEmpty(patterns);
        Assert.DoesNotContain(patterns, found => EndsInDollar().IsMatch(found.Pattern));
    }

    [Theory]
    [InlineData("""[GeneratedRegex("^a$")]""", true)]
    [InlineData("""[GeneratedRegex("^a$", RegexOptions.Multiline)]""", false)]
    [InlineData("[GeneratedRegex(\n    @\"^(a|b$)c\",\n    RegexOptions.None)]", true)]
    [InlineData("""Assert.Matches(@"a$|b", text)""", true)]
    [InlineData("""Assert.Matches(@"costs \$", text)""", false)]
    [InlineData("""new Regex(@"(?m)^a$")""", false)]
    [InlineData("""new Regex("[$]")""", false)]
    public void Such_an_end_is_found(string code, bool isFound) => Assert.Equal(isFound, PatternsOf(code, ".cs").Any(pattern => EndsInDollar().IsMatch(pattern)));

    [Theory]
    [InlineData("if ($row -notmatch '^[0-9]+$') { }", true)]
    [InlineData("""if ($row -match "^[0-9]+$") { }""", true)]
    [InlineData("[ValidatePattern('(a$)|b')] [string] $Zone", true)]
    [InlineData("$text -replace '(a)', '$1$'", false)]
    public void So_it_is_in_a_script(string code, bool isFound) => Assert.Equal(isFound, PatternsOf(code, ".ps1").Any(pattern => EndsInDollar().IsMatch(pattern)));

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) =>
        folder.GetFiles().Concat(folder.GetDirectories().Where(one => !Generated.Contains(one.Name)).SelectMany(Below));

    private static IEnumerable<string> PatternsOf(string text, string extension) =>
        (extension == ".cs" ? InCode() : InScript()).Matches(text)
            .Where(match => !match.Groups["options"].Value.Contains("Multiline", StringComparison.Ordinal) && !match.Groups["pattern"].Value.Contains("(?m)", StringComparison.Ordinal))
            .Select(match => match.Groups["pattern"].Value);

    /// <summary>The first argument is a literal of any kind; the options follow it.</summary>
    [GeneratedRegex(""""(GeneratedRegex|new Regex|Assert\.Matches|Assert\.DoesNotMatch)\(\s*("""(?<pattern>[\s\S]*?)"""|@"(?<pattern>([^"]|"")*)"|"(?<pattern>([^"\\]|\\.)*)")(?<options>[^;\]]{0,200})"""")]
    private static partial Regex InCode();

    [GeneratedRegex("""(-[ci]?(not)?match|-[ci]?replace|-[ci]?split|ValidatePattern\(|\[regex\]::\w+\([^,']*,)\s*('(?<pattern>([^']|'')*)'|"(?<pattern>[^"]*)")""", RegexOptions.IgnoreCase)]
    private static partial Regex InScript();

    /// <summary>Of the whole, of an alternative or of a group.</summary>
    [GeneratedRegex("""(?<!\\)(\\\\)*\$([|)]|\z)""")]
    private static partial Regex EndsInDollar();
}
