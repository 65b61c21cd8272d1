using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>Instance types of OpenSearch Service that support gp3 volumes, customer keys and automatic tuning.</summary>
/// <remarks>https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html</remarks>
public static class SearchInstanceType
{
    /// <summary>Reads one; AWS itself refuses what is shaped well and not offered in the region.</summary>
    public static string Read(SettingsReader reader, string name, string about, string fallback)
    {
        var type = reader.Text(name, about, fallback, Shapes.SearchInstanceType);
        var match = Shapes.SearchInstanceTypePattern().Match(type);
        var fault =
            match.Groups["family"].Value is ['t', ..] ? "burstable instances run out of CPU credits when most is logged, and do not support standby: choose m7g or r7g"
            : IsOfDisks(match) ? "it has local disks, which are lost with the instance, and the program declares gp3 volumes: choose m7g or r7g"
            : int.Parse(match.Groups["generation"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) < 5 && !IsOptimized(match)
                ? "its generation does not support gp3 volumes: choose m7g or r7g"
            : null;
        if (fault is null)
            return type;

        reader.Problems.Add(reader.PathOf(name), SettingsReader.Shown(type), fault);
        return fallback;
    }

    // Storage families (i3, im4gn, oi2 ...), and a d for disks among the options (r6gd).
    private static bool IsOfDisks(Match match) =>
        match.Groups["family"].Value is "i" or "im" or "is" or "oi" or "d" || match.Groups["options"].Value.Contains('d');

    // The families of OpenSearch's own, or1, or2 and om2, count their generations from one.
    private static bool IsOptimized(Match match) => match.Groups["family"].Value is "or" or "om";
}
