using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HaCluster.Sentinel.Tests.Cases;

/// <summary>What SENTINEL.md says.</summary>
internal static partial class Contract
{
    public static string Text { get; } = File.ReadAllText(Path.GetFullPath(Path.Combine(Folder(), "..", "..", "..", "infra", "Stack", "Chains", "SENTINEL.md")));

    /// <summary>The reasons of a path, each with whether its status is 200.</summary>
    public static IReadOnlyList<(string Reason, bool IsFine)> ReasonsOf(string path)
    {
        var list = Lists().Matches(Text).Single(match => match.Groups[1].Value == path).Groups[2].Value;
        // "`ok`, `fail-open` (both 200), `starting`, ...": those before the bracket are fine.
        var fine = list[..list.IndexOf(" 200)", StringComparison.Ordinal)];
        return [.. Words().Matches(list).Select(word => (word.Groups[1].Value, word.Index < fine.Length))];
    }

    [GeneratedRegex("Reasons of `(/[a-z]+)`: ([^.]*)[.]")]
    private static partial Regex Lists();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Words();

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
