namespace HaCluster.Engine.Session;

/// <summary>
/// A range of versions as <c>RequirePulumiVersion</c> has it: comparisons (<c>&gt;=3.0.0 &lt;4.0.0 !=3.5.1</c>) that must all hold,
/// alternatives joined by <c>||</c>.
/// </summary>
internal sealed class VersionRange
{
    private static readonly string[] Operators = [">=", "<=", "!=", "==", ">", "<", "=", "!"];

    private readonly List<List<(string Operator, Version Version)>> _alternatives;

    private VersionRange(List<List<(string, Version)>> alternatives) => _alternatives = alternatives;

    /// <exception cref="Wire.RpcException">The text is no range.</exception>
    public static VersionRange Parse(string text) => new(
    [
        .. text.Split("||").Select(alternative => alternative
            .Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
            .Select(comparison => ParseComparison(comparison, text))
            .ToList()),
    ]);

    public bool Contains(Version version) => _alternatives.Exists(alternative => alternative.TrueForAll(comparison => Holds(version, comparison)));

    private static (string Operator, Version Version) ParseComparison(string comparison, string range)
    {
        var found = Array.Find(Operators, one => comparison.StartsWith(one, StringComparison.Ordinal)) ?? "";
        return Version.TryParse(comparison[found.Length..].TrimStart('v'), out var version)
            ? (found, version)
            : throw new Wire.RpcException(Wire.RpcStatusCode.InvalidArgument, $"'{range}' is not a range of versions; write comparisons such as '>=3.100.0 <4.0.0'");
    }

    private static bool Holds(Version version, (string Operator, Version Version) comparison) => comparison.Operator switch
    {
        ">=" => version >= comparison.Version,
        "<=" => version <= comparison.Version,
        ">" => version > comparison.Version,
        "<" => version < comparison.Version,
        "!=" or "!" => version != comparison.Version,
        _ => version == comparison.Version,
    };
}
