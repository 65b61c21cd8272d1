using System.Globalization;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Modelling.Settings;

/// <summary>Durations as settings write them: <c>90s</c>, <c>10m</c>, <c>1h</c>.</summary>
internal static partial class Duration
{
    /// <summary>Null when the text is not a duration; the program has then refused it.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (text is null || Form().Match(text) is not { Success: true } match)
            return null;
        var number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,6})(?<unit>[smh])\z")]
    private static partial Regex Form();
}
