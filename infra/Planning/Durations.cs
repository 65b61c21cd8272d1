using System.Globalization;

namespace HaCluster.Planning;

/// <summary>
/// How long something takes, in two units at most: <c>45 s</c>, <c>6 min 12 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>. The cmdlets compile it as well: their views
/// show it beside texts of this assembly, which they cannot load.
/// </summary>
internal static class Durations
{
    public static string Format(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        return seconds switch
        {
            _ when time == TimeSpan.Zero => "0 s",
            _ when time.TotalSeconds < 1 => "under 1 s",
            < 60 => Parts(seconds, "s", 0, ""),
            < 3600 => Parts(seconds / 60, "min", seconds % 60, "s"),
            < 86_400 => Parts(seconds / 3600, "h", seconds % 3600 / 60, "min"),
            _ => Parts(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
        };
    }

    private static string Parts(long large, string unit, long small, string smallUnit) =>
        string.Create(CultureInfo.InvariantCulture, $"{large} {unit}{(small > 0 ? $" {small} {smallUnit}" : "")}");
}
