using System.Text.RegularExpressions;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>The page of <c>ha</c> has what the code has: the formats of its documents, and the objects that describe a cluster.</summary>
public sealed partial class FormatTests
{
    private static string Page => new Page("infra/Planning/README.md").Text;

    [Fact]
    public void Every_format_of_a_document_is_in_the_table_of_formats()
    {
        var written = new[] { "infra/Planning", "infra/Cli" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Ha.Checkout, folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Written().Matches(File.ReadAllText(file))).Select(match => match.Groups["format"].Value).Distinct();
        Assert.Equal(written.Order(StringComparer.Ordinal), Row().Matches(Page).Select(match => match.Groups["format"].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_objects_to_fetch_are_the_same_in_the_page_and_in_the_help() =>
        Assert.Equal(Objects(Ha.Answer("schedule", "--help").Output), Objects(Page));

    private static string Objects(string text) => Space().Replace(Fetched().Match(text).Groups["objects"].Value, "");

    [GeneratedRegex("""\b[Ff]ormat("\])? = "(?<format>hacluster\.[a-z]+/[0-9]+)"[;,]""")]
    private static partial Regex Written();

    [GeneratedRegex(@"^\| `(?<format>hacluster\.[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"kubectl get (?<objects>[\s\S]+?) -A -o yaml")]
    private static partial Regex Fetched();

    [GeneratedRegex(@"[\\\s]")]
    private static partial Regex Space();
}
