using System.Globalization;

namespace HaCluster.Ledger.Indexing;

/// <summary>Times as the index orders them: microseconds since 1970, which every reader of JSON keeps.</summary>
internal static class EventTime
{
    /// <summary>How far the time of a record may be before the time at which the ledger took it, for a month of its own.</summary>
    private const int MonthsBack = 24;

    public static long Of(DateTimeOffset time)
    {
        var (microseconds, rest) = Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond);
        return rest < 0 ? microseconds - 1 : microseconds;
    }

    public static DateTimeOffset ToTime(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>
    /// The month that a record is indexed in. It depends on the record alone, so that a repeated one goes to the same place; and producers whose clocks are wrong cannot
    /// make an index for each month of ten thousand years: what happened long before it came, or after, is put into the first or last month that is possible.
    /// </summary>
    public static string MonthOf(long microseconds, DateTimeOffset taken)
    {
        var (time, first, last) = (ToTime(microseconds), taken.AddMonths(-MonthsBack), taken.AddMonths(1));
        return (time < first ? first : time > last ? last : time).UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);
    }
}
