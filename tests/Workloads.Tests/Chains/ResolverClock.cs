using System.Globalization;
using System.Text.RegularExpressions;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>
/// Makes the clock of a configuration's resolvers run faster, so that a test sees an hour of silence in minutes. All its times shrink by the same
/// factor, those that the configuration leaves to HAProxy (https://docs.haproxy.org/3.2/configuration.html#5.3.2) as well: nothing else changes.
/// </summary>
internal static partial class ResolverClock
{
    public const int Factor = 15;

    private static readonly (string Setting, int Seconds)[] Defaults =
    [
        ("hold nx", 30), ("hold obsolete", 0), ("hold other", 30), ("hold refused", 30), ("hold timeout", 30), ("hold valid", 10),
        ("timeout resolve", 1), ("timeout retry", 1),
    ];

    public static string SpeedUp(string configuration)
    {
        var begin = configuration.IndexOf("resolvers cluster\n", StringComparison.Ordinal);
        var end = configuration.IndexOf("\n\n", begin, StringComparison.Ordinal);
        var section = configuration[begin..end];
        foreach (var (setting, seconds) in Defaults.Where(known => !section.Contains($" {known.Setting} ", StringComparison.Ordinal)))
            section += $"\n    {setting} {seconds}s";
        return configuration[..begin] + Time().Replace(section, Shorter) + configuration[end..];
    }

    private static string Shorter(Match match)
    {
        var unit = match.Groups[3].Value switch { "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => throw new FormatException(match.Value) };
        var time = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) * unit / Factor;
        return $"{match.Groups[1].Value} {time.ToString(CultureInfo.InvariantCulture)}ms";
    }

    [GeneratedRegex(@"((?:hold|timeout) \w+) (\d+)(\w+)")]
    private static partial Regex Time();
}
