using System.Globalization;

namespace HaCluster.Operations.Running;

/// <summary>Times as people say them.</summary>
internal static class Durations
{
    /// <summary><c>45 s</c>, <c>6 min 10 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Text(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        var (large, small, names) = seconds < 3600 ? (seconds / 60, seconds % 60, ("min", "s")) : (seconds / 3600, seconds % 3600 / 60, ("h", "min"));
        return (large, small) switch
        {
            (0, _) => string.Create(CultureInfo.InvariantCulture, $"{small} {names.Item2}"),
            (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{large} {names.Item1}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{large} {names.Item1} {small} {names.Item2}"),
        };
    }
}
