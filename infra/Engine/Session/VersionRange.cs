using Semver;

namespace HaCluster.Engine.Session;

/// <summary>
/// A range of versions as <c>RequirePulumiVersion</c> has it: comparisons that must all hold (<c>&gt;=3.0.0 &lt;4.0.0 !=3.5.1</c>), with wildcards (<c>3.x</c>)
/// and pre-releases, alternatives joined by <c>||</c>. The real engine reads it with <c>ParseRange</c> of https://github.com/blang/semver, which knows
/// no other forms: what is refused there is refused here, or the program would fail on its first real run.
/// </summary>
internal sealed class VersionRange
{
    private static readonly string[] Operators = [">=", "<=", "!=", "==", ">", "<", "=", "!"];

    private readonly List<List<(bool IsExcluded, SemVersionRange Range)>> _alternatives;

    private VersionRange(List<List<(bool, SemVersionRange)>> alternatives) => _alternatives = alternatives;

    /// <exception cref="FormatException">The text is not a range.</exception>
    public static VersionRange Parse(string text)
    {
        var alternatives = text.Split("||").Select(alternative => Comparisons(alternative).Select(comparison => ParseComparison(comparison, text)).ToList()).ToList();
        return alternatives.TrueForAll(comparisons => comparisons.Count > 0) ? new(alternatives) : throw Malformed(text);
    }

    public bool Contains(SemVersion version) =>
        _alternatives.Exists(comparisons => comparisons.TrueForAll(comparison => comparison.Range.Contains(version) != comparison.IsExcluded));

    // There may be a space between operator and version: ">= 3.0.0".
    private static IEnumerable<string> Comparisons(string alternative)
    {
        var pending = "";
        foreach (var word in alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            pending += word;
            if (Operators.Contains(pending))
                continue;
            yield return pending;
            pending = "";
        }

        if (pending.Length > 0)
            yield return pending;
    }

    private static (bool IsExcluded, SemVersionRange Range) ParseComparison(string comparison, string range)
    {
        var found = Array.Find(Operators, one => comparison.StartsWith(one, StringComparison.Ordinal)) ?? "";
        var version = comparison[found.Length..];
        var isExcluded = found is "!=" or "!";
        var npm = (isExcluded || found is "==" or "=" ? "" : found) + version;
        return IsVersion(version) && SemVersionRange.TryParseNpm(npm, includeAllPrerelease: true, out var parsed)
            ? (isExcluded, parsed)
            : throw Malformed(range);
    }

    /// <summary>A whole version, or one that ends in wildcards; npm would also take 3, ^3.1.0, ~3.1.0 and ranges with a hyphen.</summary>
    private static bool IsVersion(string text)
    {
        if (SemVersion.TryParse(text, SemVersionStyles.Strict, out _))
            return true;
        var parts = text.Split('.');
        var wildcards = parts.Reverse().TakeWhile(part => part == "x").Count();
        return parts.Length is 2 or 3 && wildcards > 0 && wildcards < parts.Length
            && parts.SkipLast(wildcards).All(part => part.Length > 0 && part.All(char.IsAsciiDigit));
    }

    private static FormatException Malformed(string range) => new(
        $"'{range}' is not a range of versions; write comparisons of whole versions such as '>=3.100.0 <4.0.0', or '3.x'");
}
