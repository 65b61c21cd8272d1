using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HaCluster.Sdk.Tests.Surface;

/// <summary>The public API of this SDK beside that of the official one, which is in <c>official.txt</c> as fingerprints.</summary>
public sealed partial class OfficialSurfaceTests
{
    private static readonly string[] Official = LinesOf("official.txt");

    private static readonly string[] Ours = [.. LinesOf("PublicAPI.Shipped.txt"), .. LinesOf("PublicAPI.Unshipped.txt")];

    private static IEnumerable<string> OfficialTypes => Fingerprints(Official.SkipWhile(line => line != "types").TakeWhile(line => line != "members"));

    [Fact]
    public void Nothing_is_offered_that_the_official_SDK_does_not_have()
    {
        var official = Fingerprints(Official).ToHashSet();

        Assert.DoesNotContain(Ours, line => !official.Contains(Fingerprint(line)));
    }

    // A type that is neither offered nor named shows as its fingerprint.
    [Fact]
    public void The_page_names_exactly_the_official_types_that_are_missing()
    {
        var named = MissingByThePage();

        Assert.DoesNotContain(named, type => !OfficialTypes.Contains(Fingerprint(type)));
        Assert.Equal(OfficialTypes.Order(), Ours.Where(IsType).Concat(named).Select(Fingerprint).Order());
    }

    [Fact]
    public void The_fingerprints_are_of_the_version_that_the_program_can_be_built_with()
    {
        var version = XDocument.Parse(TextOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(package => package.Attribute("Include")!.Value == "Pulumi").Attribute("Version")!.Value;

        Assert.Equal($"Pulumi {version}", Official[0]);
    }

    /// <summary>The first cells of the table in the page, without the row of a whole namespace.</summary>
    private static List<string> MissingByThePage() =>
    [
        .. TextOf("README.md").Split('\n')
            .SkipWhile(line => !line.StartsWith("| types | what for |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(row => row.Split('|')[1])
            .Where(cell => !cell.Contains("and all below it", StringComparison.Ordinal))
            .SelectMany(cell => Names().Matches(cell))
            .Select(name => $"Pulumi.{name.Groups[1].Value}"),
    ];

    private static bool IsType(string line) => !line.Contains("->", StringComparison.Ordinal);

    private static IEnumerable<string> Fingerprints(IEnumerable<string> lines) => lines.SelectMany(line => line.Split(' ')).Where(word => word.Length == 8);

    private static string Fingerprint(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)))[..8];

    private static string[] LinesOf(string name) => [.. TextOf(name).Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))];

    private static string TextOf(string name)
    {
        using var reader = new StreamReader(typeof(OfficialSurfaceTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Names();
}
