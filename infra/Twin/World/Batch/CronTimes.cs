using Cronos;

namespace HaCluster.Twin.World.Batch;

/// <summary>When a schedule is due: five fields of cron, or a macro such as <c>@hourly</c>.</summary>
internal sealed class CronTimes
{
    /// <summary>How far back the last time is looked for: the next window is tried when a shorter one has none.</summary>
    private static readonly int[] DaysBack = [1, 8, 32, 367, 5 * 366];

    private readonly CronExpression _expression;
    private readonly TimeZoneInfo _zone;

    private CronTimes(CronExpression expression, TimeZoneInfo zone) => (_expression, _zone) = (expression, zone);

    /// <param name="zone">Of the IANA database; null for UTC.</param>
    /// <param name="problem">What is wrong with it; null when it is understood.</param>
    public static CronTimes? Parse(string? text, string? zone, out string? problem)
    {
        try
        {
            problem = null;
            return new CronTimes(CronExpression.Parse(text ?? ""), zone is { Length: > 0 } ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Utc);
        }
        catch (Exception exception) when (exception is CronFormatException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            problem = exception.Message;
            return null;
        }
    }

    /// <summary>Null when it is never due again.</summary>
    public DateTimeOffset? After(DateTimeOffset time) => _expression.GetNextOccurrence(time, _zone);

    /// <summary>Null when it was not due in the last years.</summary>
    public DateTimeOffset? LastBefore(DateTimeOffset time) => DaysBack
        .Select(days => _expression.GetOccurrences(time.AddDays(-days), time, _zone).Select(one => (DateTimeOffset?)one).LastOrDefault())
        .FirstOrDefault(found => found is not null);
}
